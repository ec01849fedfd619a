import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  allowsDocument,
  DOCUMENT_URL_MAXIMUM,
  fieldErrorsInDocuments,
  isDocumentUrl,
  MOST_DOCUMENTS,
  normalizedDocuments,
} from './allowed-documents.ts'

const URL_OF_ONE = 'https://agent.example/oauth/client.json'

test('the URL of a document has one spelling, and names a host of the web', () => {
  for (const url of [
    URL_OF_ONE,
    'https://a.bc/c',
    'https://agent.example:8443/client',
    'https://xn--bcher-kva.example/a/',
  ])
    assert.ok(isDocumentUrl(url), url)
  const length = DOCUMENT_URL_MAXIMUM - encodeURIComponent('https://agent.example/').length
  assert.ok(isDocumentUrl(`https://agent.example/${'a'.repeat(length)}`))
  for (const url of [
    'http://agent.example/client.json',
    'HTTPS://agent.example/client.json',
    'https://Agent.example/client.json',
    'https://agent.example',
    'https://agent.example/',
    'https://agent.example:443/client.json',
    'https://agent.example/a/../client.json',
    'https://agent.example/%2e%2e/client.json',
    'https://agent.example/client.json?v=1',
    'https://agent.example/client.json?',
    'https://agent.example/client.json#a',
    'https://agent.example/client.json#',
    'https://user@agent.example/client.json',
    'https://agent.example@evil.example/client.json',
    'https://@agent.example/client.json',
    'https://agent.example\\evil/client.json',
    'https://agent.example/client json',
    'https://localhost/client.json',
    'https://intranet/client.json',
    'https://127.0.0.1/client.json',
    'https://2130706433/client.json',
    'https://0x7f.1/client.json',
    'https://[::1]/client.json',
    'https://[::ffff:127.0.0.1]/client.json',
    'https://agent.example./client.json',
    'https://bücher.example/client.json',
    `https://agent.example/${'a'.repeat(length + 1)}`,
    ' https://agent.example/client.json',
    'wiki',
    '',
  ])
    assert.ok(!isDocumentUrl(url), url)
})

test('a document is allowed by its whole URL, or by a host on its usual port', () => {
  assert.ok(allowsDocument([URL_OF_ONE], URL_OF_ONE))
  assert.ok(allowsDocument(['agent.example'], URL_OF_ONE))
  assert.ok(allowsDocument(['https://agent.example:8443/a'], 'https://agent.example:8443/a'))
  for (const [allowed, url] of [
    [[], URL_OF_ONE],
    [[URL_OF_ONE], `${URL_OF_ONE}x`],
    [[URL_OF_ONE], 'https://agent.example/oauth/'],
    [[URL_OF_ONE], 'https://agent.example/oauth/Client.json'],
    [['agent.example'], 'https://agent.example.evil.example/a'],
    [['agent.example'], 'https://sub.agent.example/a'],
    [['agent.example'], 'https://evil-agent.example/a'],
    [['agent.example'], 'https://agent.example:8443/a'],
    [['agent.example'], 'http://agent.example/a'],
    [['agent.example'], 'agent.example'],
  ] as const)
    assert.ok(!allowsDocument(allowed, url), `${allowed.join(' ')} allows ${url}`)
})

test('a list of documents is stored once and in order, and names its wrong entry', () => {
  assert.deepEqual(normalizedDocuments([' Agent.Example ', URL_OF_ONE, '', 'agent.example']), [
    'agent.example',
    URL_OF_ONE,
  ])
  assert.deepEqual(fieldErrorsInDocuments(['agent.example', URL_OF_ONE]), [])
  const pointer = '/allowed_documents'
  for (const entry of [
    'https://agent.example',
    '*',
    '*.agent.example',
    'agent.example:8443',
    'localhost',
    '10.0.0.1',
    'a b.example',
  ])
    assert.deepEqual(fieldErrorsInDocuments(['agent.example', entry]), [
      { pointer, code: 'agents.document', facts: { entry } },
    ])
  const hosts = Array.from({ length: MOST_DOCUMENTS + 1 }, (_, index) => `h${index}.example`)
  assert.deepEqual(fieldErrorsInDocuments(hosts.slice(1)), [])
  assert.deepEqual(fieldErrorsInDocuments(hosts), [
    { pointer, code: 'field.too_many', facts: { maximum: MOST_DOCUMENTS } },
  ])
})
