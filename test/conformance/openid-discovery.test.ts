// Modules of the OpenID Foundation’s plans about the discovery document; and what keeps the account of all modules true.
import assert from 'node:assert/strict'

import { EVALUATED, LEFT_OUT, REMARKS, STEPS } from '../support/openid/conformance/coverage.ts'
import { CONDITIONS, MODULES } from '../support/openid/conformance/facts.ts'
import { configure } from '../support/openid/conformance/flow.ts'
import { ofModule } from '../support/openid/conformance/module-run.ts'
import { test } from '../support/runner/scope.ts'

test(
  'oidcc-discovery-endpoint-verification: the discovery document says what the standards require of it',
  ofModule(async (module) => {
    await configure(module)
    module.check(
      'EnsureDiscoveryEndpointResponseStatusCodeIs200',
      'CheckDiscoveryEndpointReturnedJsonContentType',
      'OIDCCCheckDiscEndpointResponseTypesSupported',
      'CheckDiscEndpointDiscoveryUrl',
      'CheckDiscEndpointIssuer',
      'CheckDiscEndpointIssuerIsValidUrl',
      'ValidateServerMetadataAgainstSchema',
      'CheckForUnexpectedParametersInServerMetadata',
      'CheckDiscEndpointSubjectTypesSupported',
      'OIDCCCheckDiscEndpointIdTokenSigningAlgValuesSupported',
      'OIDCCCheckDiscEndpointUserinfoSigningAlgValuesSupported',
      'CheckDiscEndpointAuthorizationEndpoint',
      'CheckDiscEndpointTokenEndpoint',
      'CheckDiscEndpointUserinfoEndpoint',
      'CheckDiscEndpointRegistrationEndpoint',
      'CheckJwksUri',
      'CheckDiscEndpointRequestParameterSupported',
      'CheckDiscEndpointRequestUriParameterSupported',
      'CheckDiscEndpointRequestObjectSigningAlgValuesSupportedIncludesRS256',
      'CheckDiscEndpointClaimsParameterSupported',
      'OIDCCCheckDiscEndpointClaimsSupported',
      'OIDCCCheckDiscEndpointGrantTypesSupported',
      'CheckDiscEndpointScopesSupportedContainsOpenId',
      'CheckDiscEndpointScopesSupportedSyntax',
      'CheckDiscEndpointLocalesSyntax',
      'CheckDiscEndpointLocalesCanonicalCasing',
      'CheckDiscEndpointAllEndpointsAreHttps',
      'EnsureServerConfigurationCodeChallengeMethodsSupportedIsAnArray',
    )
  }),
)

test(
  'oidcc-rp-initiated-logout-discovery-endpoint-verification: the discovery document names where an app signs its user out',
  ofModule(async (module) => {
    await configure(module)
    module.check('CheckDiscEndSessionEndpoint', 'CheckDiscEndpointAllEndpointsAreHttps')
  }),
)

test(
  'oidcc-backchannel-logout-discovery-endpoint-verification: the discovery document says that apps are told of the end of sessions',
  ofModule(async (module) => {
    await configure(module)
    module.check(
      'CheckDiscEndpointBackchannelLogoutSupported',
      'CheckDiscEndpointBackchannelLogoutSessionSupported',
      'CheckDiscEndSessionEndpoint',
      'CheckDiscEndpointAllEndpointsAreHttps',
    )
  }),
)

test('each condition of the suite is evaluated, taken as a step, or left out for one reason', () => {
  assert.equal(MODULES.length, 52)
  const concerned = new Set(MODULES.flatMap(({ classes }) => classes))
  const names = new Set(CONDITIONS.filter(({ ofClass }) => concerned.has(ofClass)).map(({ condition }) => condition))
  assert.equal(new Set(CONDITIONS.map(({ condition }) => condition)).size, 216)
  const ways = [Object.keys(EVALUATED), Object.values(STEPS).flat(), LEFT_OUT.flatMap(([, conditions]) => conditions)]
  const count = (name: string): number => ways.flat().filter((one) => one === name).length
  assert.deepEqual(
    [...names].filter((name) => count(name) !== 1),
    [],
  )
  const [, steps = [], leftOut = []] = ways
  assert.deepEqual(
    [...steps, ...leftOut].filter((name) => !names.has(name)),
    [],
  )
  const modules = new Set(MODULES.map(({ module }) => module))
  assert.deepEqual(
    Object.keys(REMARKS).filter((name) => !modules.has(name)),
    [],
  )
})
