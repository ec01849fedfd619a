import assert from 'node:assert/strict'
import { test } from 'node:test'

import { pathWithoutFlash, redirectAfterReauthentication } from './flash.ts'

test('a path to return to keeps its query and fragment, and says once that the user has re-authenticated', () => {
  const paths = {
    '/account': '/account?done=confirmed',
    '/users?search=a?b': '/users?search=a%3Fb&done=confirmed',
    '/account?done=saved#apps': '/account?done=confirmed#apps',
  }
  for (const [path, expected] of Object.entries(paths)) assert.equal(redirectAfterReauthentication(path), expected)
})

test('the path without the message is always a path of this server, whatever was requested', () => {
  const targets = {
    '/account?done=saved&tab=2': '/account?tab=2',
    '/account?done=saved': '/account',
    '//': '/',
    '//[': '/',
    '//evil.example/x': '/x',
  }
  for (const [target, expected] of Object.entries(targets)) assert.equal(pathWithoutFlash(target), expected, target)
})
