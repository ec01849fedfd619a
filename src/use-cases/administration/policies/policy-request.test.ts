import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NO_TERMS } from '../../../domain/policies/policy.ts'
import type { PolicyTerms } from '../../../domain/policies/policy.ts'
import { parametersOfVersion, versionOfParameters } from './policy-request.ts'

test('a request of the two-person rule holds every term of a version', () => {
  const every: PolicyTerms = {
    secondFactor: 'required',
    factors: ['passkey'],
    sessionIdle: 60_000,
    sessionAbsolute: 120_000,
    reauthentication: 30_000,
    rememberFor: 0,
    helpersMayExempt: true,
  }
  for (const terms of [every, { ...NO_TERMS, sessionIdle: 60_000 }]) {
    const version = { terms, inForceFrom: 5000 }
    assert.deepEqual(versionOfParameters(parametersOfVersion(version), 1000), version)
  }
})
