# An app that signs a user in with Authlib: prints the URL to which it would send the browser, reads the URL to which the browser came back,
# and prints as JSON what it got. Every check is Authlib's own.
import json
import os
import sys

import authlib
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

issuer, client_id, secret, method, redirect_uri = (
    os.environ[name] for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "AUTH_METHOD", "REDIRECT_URI")
)
offers = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
app = OAuth2Session(
    client_id,
    secret,
    scope="openid profile email",
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
    token_endpoint_auth_method=method,
    revocation_endpoint_auth_method=method,
)
verifier, nonce = generate_token(48), generate_token()
url, state = app.create_authorization_url(offers["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
print(url, flush=True)

answer = sys.stdin.readline().strip()
token = app.fetch_token(offers["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier)
keys = JsonWebKey.import_key_set(requests.get(offers["jwks_uri"], timeout=30).json())
expected = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
params = {"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]}
claims = jwt.decode(token["id_token"], keys, claims_cls=CodeIDToken, claims_options=expected, claims_params=params)
claims.validate()
userinfo = app.get(offers["userinfo_endpoint"]).json()

first = dict(token)
second = dict(app.refresh_token(offers["token_endpoint"], refresh_token=first["refresh_token"]))


def active(value):
    return app.introspect_token(offers["introspection_endpoint"], token=value).json()["active"]


before = active(second["access_token"])
revoked = app.revoke_token(offers["revocation_endpoint"], token=second["refresh_token"], token_type_hint="refresh_token")
print(
    json.dumps(
        {
            "version": authlib.__version__,
            "algorithm": claims.header["alg"],
            "sub": [claims["sub"], userinfo["sub"]],
            "acr": claims["acr"],
            "username": userinfo["preferred_username"],
            "rotated": first["refresh_token"] != second["refresh_token"],
            "revocation": revoked.status_code,
            "active": [before, active(second["access_token"])],
        }
    )
)
