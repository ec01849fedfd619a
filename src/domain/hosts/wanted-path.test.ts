import assert from 'node:assert/strict'
import { test } from 'node:test'

import { wantedPath } from './wanted-path.ts'

test('a user goes back to a path of the host, with its query', () => {
  for (const path of ['/', '/page?x=1&y=%20', '/a//b', '/a?next=//evil.example', '/.doorwardx', '/.well-known/x'])
    assert.equal(wantedPath(path), path)
})

test('what leads off the host, or back to this server, is its start', () => {
  const off = [
    '//evil.example',
    '/\\evil.example',
    '/\\/evil',
    '\\\\evil',
    'https://evil.example',
    'evil',
    '',
    '/a\\b',
    '/a b',
    '/a\r\nb',
    '/\t/evil',
  ]
  for (const path of [...off, '/é', '/.doorward', '/.doorward/start?to=/', '/.doorward?x', undefined, 7, ['/a']])
    assert.equal(wantedPath(path), '/', JSON.stringify(path))
})
