# An API that takes access tokens, by FastAPI's dependencies and in an app of Starlette that it mounts.
import os
from typing import Annotated, Optional

from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from doorward import Doorward, Protected, User

doorward = Doorward(os.environ["DOORWARD"], os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
app = FastAPI()


@app.get("/mine")
async def mine(user: Annotated[User, Depends(doorward.signed_in)]):
    return {"subject": user.subject}


@app.get("/open")
async def open_to_all(user: Annotated[Optional[User], Depends(doorward.signed_in_if_sent)]):
    return {"subject": user and user.subject}


@app.get("/admins", dependencies=[Depends(doorward.has_role("admin"))])
def admins():
    return {}


@app.get("/passkeys", dependencies=[Depends(doorward.requires(acr="urn:doorward:phishing-resistant", max_age=300))])
def passkeys():
    return {}


def inside(request: Request):
    return JSONResponse({"subject": request.user.subject})


async def asking(request: Request):
    return JSONResponse({"subject": (await doorward.signed_in(request)).subject})


protected = Starlette(routes=[Route("/", inside)], middleware=[Middleware(Protected, doorward=doorward, roles=["user"])])
app.mount("/inside", protected)
app.mount("/starlette", Starlette(routes=[Mount("/asking", routes=[Route("/", asking)])]))
