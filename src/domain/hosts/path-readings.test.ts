import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { foldedPath, readingsOf } from './path-readings.ts'

test('a plain path has one reading', () => {
  for (const path of ['/', '/a', '/a/b.html', '/a/', "/a-_~!$&'()*+,=:@", '/Ä'.normalize('NFD').replace(/[^/A]/g, '')])
    assert.deepEqual(readingsOf(path), [path], path)
})

const READ: readonly [path: string, ...among: string[]][] = [
  ['/public/../admin', '/admin'],
  ['/public/%2e%2e/admin', '/public/../admin', '/admin'],
  ['/public/%2E%2e%2fadmin', '/admin'],
  ['/public/%252e%252e/admin', '/public/%2e%2e/admin', '/admin'],
  ['/public/..;/admin', '/public/../admin', '/admin'],
  ['/public/..;x=1/admin', '/admin'],
  ['/public\\..\\admin', '/admin'],
  ['/public/..%5cadmin', '/admin'],
  ['/public//../admin', '/public/admin', '/admin'],
  ['//admin', '/admin'],
  ['/admin;x=1', '/admin'],
  ['/%61dmin', '/admin'],
  ['/./admin', '/admin'],
  // One of its bytes is no UTF-8, which keeps no program from decoding the others.
  ['/%ff%61dmin', '/%ffadmin'],
  // Full-width forms, which some systems read as the plain ones.
  ['/public/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin', '/admin'],
]

test('what a proxy or an app can read is among the readings', () => {
  for (const [path, ...among] of READ)
    for (const reading of among) assert.ok(readingsOf(path)?.includes(reading), `${path} as ${reading}`)
})

test('paths of WebDAV and of repositories have few readings', () => {
  assert.deepEqual(readingsOf('/dav/my%20files/100%25'), ['/dav/my%20files/100%25', '/dav/my files/100%'])
  assert.deepEqual(readingsOf('/api/v4/projects/group%2Fname'), [
    '/api/v4/projects/group%2Fname',
    '/api/v4/projects/group/name',
  ])
})

test('a path that no program should read has no readings', () => {
  const deep = `/%${'25'.repeat(70)}61`
  for (const path of ['', '*', 'admin', 'http://a/b', '/a b', '/a\nb', '/%00', '/a%0Ab', '/a%250ab', '/\u00e9', deep])
    assert.equal(readingsOf(path), undefined, JSON.stringify(path))
})

test('no reading can be read in a way that is not among them', () => {
  const piece = fc.constantFrom('/', '.', '..', '%2e', '%2F', '%25', '%5c', '\\', ';', 'a', 'B', '%ff', '//', '%c3%a9')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = `/${pieces.join('')}`
      const readings = readingsOf(path)
      if (readings === undefined) return
      assert.ok(readings.includes(path))
      for (const reading of readings.filter((one) => /^[\x21-\x7E]*$/.test(one)))
        for (const again of readingsOf(reading) ?? []) assert.ok(readings.includes(again), `${path}: ${again}`)
    }),
  )
})

test('case is folded also where a letter beyond ASCII stands for one within', () => {
  for (const path of ['/ADMIN-SK', '/admin-\u017Fk', '/Admin-s\u212A'])
    assert.equal(foldedPath(path), '/admin-sk', path)
})
