import assert from 'node:assert/strict'
import { test } from 'node:test'

import { redirectAfterReauthentication } from './flash.ts'

test('a path to return to keeps its query and fragment, and says once that the user has re-authenticated', () => {
  const paths = {
    '/account': '/account?done=confirmed',
    '/users?search=a?b': '/users?search=a%3Fb&done=confirmed',
    '/account?done=saved#apps': '/account?done=confirmed#apps',
  }
  for (const [path, expected] of Object.entries(paths)) assert.equal(redirectAfterReauthentication(path), expected)
})
