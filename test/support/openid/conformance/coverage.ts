// How each condition of the conformance suite is covered: evaluated, taken as a step, or left out for a reason.
import { AUTHORIZATION_CONDITIONS } from './authorization-conditions.ts'
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts'
import { ID_TOKEN_CONDITIONS } from './id-token-conditions.ts'
import { LOGOUT_CONDITIONS } from './logout-conditions.ts'
import { LOGOUT_TOKEN_CONDITIONS } from './logout-token-conditions.ts'
import { TOKEN_CONDITIONS } from './token-conditions.ts'
import { USERINFO_CONDITIONS } from './userinfo-conditions.ts'

/** The files that evaluate conditions, with what each evaluates. */
export const EVALUATED_IN = {
  'discovery-conditions.ts': DISCOVERY_CONDITIONS,
  'authorization-conditions.ts': AUTHORIZATION_CONDITIONS,
  'token-conditions.ts': TOKEN_CONDITIONS,
  'id-token-conditions.ts': ID_TOKEN_CONDITIONS,
  'userinfo-conditions.ts': USERINFO_CONDITIONS,
  'logout-conditions.ts': LOGOUT_CONDITIONS,
  'logout-token-conditions.ts': LOGOUT_TOKEN_CONDITIONS,
} as const

export const EVALUATED = {
  ...DISCOVERY_CONDITIONS,
  ...AUTHORIZATION_CONDITIONS,
  ...TOKEN_CONDITIONS,
  ...ID_TOKEN_CONDITIONS,
  ...USERINFO_CONDITIONS,
  ...LOGOUT_CONDITIONS,
  ...LOGOUT_TOKEN_CONDITIONS,
}
export type EvaluatedName = keyof typeof EVALUATED

/** What the suite does itself where it is the app, by what does it here. */
export const STEPS = {
  configure: [
    'CreateRedirectUri',
    'GetStaticClientConfiguration',
    'SetProtectedResourceUrlToUserInfoEndpoint',
    'SetScopeInClientConfigurationToOpenId',
  ],
  request: [
    'CreateAuthorizationEndpointRequestFromClientInformation',
    'CreateRandomStateValue',
    'AddStateToAuthorizationEndpointRequest',
    'CreateRandomNonceValue',
    'AddNonceToAuthorizationEndpointRequest',
    'SetAuthorizationEndpointRequestResponseTypeFromEnvironment',
    'BuildPlainRedirectToAuthorizationEndpoint',
  ],
  'exchange of the code': [
    'CreateTokenEndpointRequestForAuthorizationCodeGrant',
    'CallTokenEndpointAndReturnFullResponse',
    'CallProtectedResource',
  ],
  'request to sign out': [
    'CreatePostLogoutRedirectUri',
    'CreateRandomEndSessionState',
    'CreateEndSessionEndpointRequest',
    'BuildRedirectToEndSessionEndpoint',
  ],
  'address for logout tokens': ['CreateBackchannelLogoutUri'],
  'client authentication': [
    'AddBasicAuthClientSecretToRequest',
    'AddFormBasedClientSecretToRequest',
    'GenerateJWKsFromClientSecret',
  ],
  module: [
    'SetResourceMethodToPost',
    'CallUserInfoEndpoint',
    'CallUserInfoEndpointWithBearerTokenInBody',
    'SetScopeInClientConfigurationToOpenIdProfile',
    'SetScopeInClientConfigurationToOpenIdEmail',
    'SetScopeInClientConfigurationToOpenIdAddress',
    'SetScopeInClientConfigurationToOpenIdPhone',
    'SetScopeInClientConfigurationToOpenIdEmailPhoneAddressProfile',
    'SetScopeInClientConfigurationToOpenIdOfflineAccessIfServerSupportsOfflineAccess',
    'SetScopeInClientConfigurationToOpenIdOfflineAccess',
    'BuildPlainRedirectToAuthorizationEndpointReorderedParams',
    'WaitForOneSecond',
    'WaitFor2Seconds',
    'WaitFor30Seconds',
    'CreateBadRedirectUriByAppending',
    'ConvertAuthorizationEndpointRequestToRequestObject',
    'SerializeRequestObjectWithNullAlgorithm',
    'BuildRequestObjectByReferenceRedirectToAuthorizationEndpoint',
    'BuildRequestObjectByValueRedirectToAuthorizationEndpoint',
    'CreateRandomRequestUriWithFragment',
    'GetStaticClient2Configuration',
    'AddCodeVerifierToTokenEndpointRequest',
    'AddBadPostLogoutRedirectUriToEndSessionEndpointRequest',
    'ChangeIdTokenToAlgNone',
    'RemoveIdTokenHintFromEndSessionEndpointRequest',
    'RemoveAllParametersFromEndSessionEndpointRequest',
    'RemovePostLogoutRedirectUriFromEndSessionEndpointRequest',
    'RemoveStateFromEndSessionEndpointRequest',
    'AddPostLogoutRedirectUriWithQueryAddedToEndSessionEndpointRequest',
    'GenerateFakeIdTokenClaims',
    'SignFakeIdToken',
  ],
} as const
export type StepName = (typeof STEPS)[keyof typeof STEPS][number]

/** Why a condition is neither evaluated nor taken, and which ones the reason is for. */
export const LEFT_OUT: readonly (readonly [reason: string, conditions: readonly string[]])[] = [
  [
    'Apps are registered by an admin; dynamic registration is off.',
    [
      'StoreOriginalClientConfiguration',
      'StoreOriginalClient2Configuration',
      'ExtractClientNameFromStoredConfig',
      'ExtractInitialAccessTokenFromStoredConfig',
      'UnregisterDynamicallyRegisteredClient',
      'AddIdTokenSigningAlgNoneToDynamicRegistrationRequest',
      'AddRequestUriToDynamicRegistrationRequest',
      'AddRefreshTokenGrantTypeToDynamicRegistrationRequest',
      'AddPostLogoutRedirectUriToDynamicRegistrationRequest',
      'AddBackchannelLogoutUriToDynamicRegistrationRequest',
      'AddBackchannelLogoutSessionRequiredTrueToDynamicRegistrationRequest',
      'OIDCCCheckDiscEndpointResponseTypesSupportedDynamic',
      'OIDCCCheckDiscEndpointGrantTypesSupportedDynamic',
    ],
  ],
  [
    'The modules authenticate by a secret. Public apps have tests of their own; `private_key_jwt`, `client_secret_jwt` and mutual TLS are off.',
    [
      'AddClientIdToRequest',
      'EnsureServerConfigurationSupportsClientAuthNone',
      'EnsureServerConfigurationSupportsPrivateKeyJwt',
      'EnsureServerConfigurationSupportsMTLS',
      'ValidateMTLSCertificatesHeader',
      'ExtractMTLSCertificatesFromConfiguration',
      'ValidateMTLSCertificates2Header',
      'ExtractMTLSCertificates2FromConfiguration',
      'ValidateMTLSCertificatesAsX509',
      'ValidateClientJWKsPrivatePart',
      'ExtractJWKsFromStaticClientConfiguration',
      'CheckDistinctKeyIdValueInClientJWKs',
    ],
  ],
  [
    'The plans use the code flow; implicit and hybrid flows are off.',
    [
      'ExtractAccessTokenFromAuthorizationResponse',
      'ExtractIdTokenFromAuthorizationResponse',
      'VerifyIdTokenSubConsistentHybridFlow',
      'VerifyUserInfoAndIdTokenInAuthorizationEndpointSameSub',
      'VerifyScopesReturnedInAuthorizationEndpointIdToken',
      'EnsureIdTokenContainsName',
      'CreateRandomImplicitSubmitUrl',
      'ExtractImplicitHashToCallbackResponse',
    ],
  ],
  [
    'The plans use the default response mode, the query; `form_post` is off.',
    [
      'SetAuthorizationEndpointRequestResponseModeToFormPost',
      'CheckCallbackHttpMethodIsPost',
      'CheckCallbackContentTypeIsFormUrlEncoded',
      'RejectAuthCodeInUrlQuery',
      'RejectErrorInUrlQuery',
    ],
  ],
  [
    'A setting of the suite itself, or a fact about its connection: the tests discover the server and ask it without TLS in between.',
    [
      'ConfigurationRequestsTestIsSkipped',
      'GetStaticServerConfiguration',
      'ExtractTLSTestValuesFromServerConfiguration',
      'EnsureIncomingTls12WithSecureCipherOrTls13',
      'EnsureIncomingTls13',
    ],
  ],
  [
    'Refresh tokens are supported; this is for a server without.',
    ['EnsureServerConfigurationDoesNotSupportRefreshToken'],
  ],
  [
    'The error page of the authorization endpoint; here the error goes to the app.',
    ['ExpectResponseTypeMissingErrorPage'],
  ],
]

/** Where the suite would skip a module or warn, although it counts as passed. */
export const REMARKS: Readonly<Record<string, string>> = {
  'oidcc-idtoken-unsigned': 'The suite skips it: discovery does not list `none`.',
  'oidcc-scope-address':
    'The suite skips it: discovery does not list the scope, since accounts have no postal address.',
  'oidcc-scope-phone': 'The suite skips it: discovery does not list the scope, since accounts have no phone number.',
  'oidcc-scope-all': 'The suite skips it: discovery lists neither `address` nor `phone`.',
  'oidcc-scope-profile':
    'The suite warns of standard claims that accounts do not have, such as `given_name`, `birthdate` and `updated_at`.',
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported':
    'The suite skips it: the answer is `request_uri_not_supported`.',
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported':
    'The suite skips it: the answer is `request_not_supported`.',
}

/** Returns why a condition is left out; undefined for one that is covered. */
export function reasonFor(condition: string): string | undefined {
  return LEFT_OUT.find(([, conditions]) => conditions.includes(condition))?.[0]
}
