// Stored events must still verify after an upgrade, so none of these bytes may ever change.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { keyringOf } from '#foundation/platform/crypto/keyring.ts'
import { linksAfter } from './chain.ts'
import { newCheckpoint } from './checkpoint.service.ts'
import { coreText, digestOf, storedDetails } from './event.ts'

const KEY = {
  id: 'audit-1',
  purpose: 'audit',
  secret: Buffer.alloc(32, 2).toString('base64url'),
  created_at: 0,
} as const
const keys = keyringOf({ version: 1, keys: [KEY] }, (size) => new Uint8Array(size))

const AT = 1_800_000_000_000
const DETAILS = { name: 'ada', address: '192.0.2.1' }
const DIGEST = 'acbd7a38ddbaeac5f18c702c4e322b1fe84680588249a5558f449cf03a9ce145'
const MAC = '18bbc3e4c803f803b3a1c91d84b064bcf5ee2aea93ab7805a4ce12d44974b2c9'
const CHAIN_MAC = 'audit-1.50177061cae07bc4d4e0ebdfaff4553cbe076c45ea0a40955695702e94fbee1d'

test('the stored details of an event and their digest keep their form', () => {
  assert.equal(storedDetails('5a17', DETAILS), '{"address":"192.0.2.1","name":"ada","salt":"5a17"}')
  assert.equal(digestOf('5a17', DETAILS), DIGEST)
})

test('the same details under another salt have another digest', () => {
  assert.notEqual(digestOf('5a18', DETAILS), digestOf('5a17', DETAILS))
})

test('the MAC of an event is unchanged', () => {
  const facts = { id: 'e1', at: AT, action: 'user.changed', actor: 's1', target: 's2', reason: null } as const
  assert.deepEqual(keys.mac('audit', coreText({ ...facts, result: 'done', detailsDigest: DIGEST })), {
    keyId: 'audit-1',
    mac: MAC,
  })
})

test('the chain MAC of an event is unchanged', () => {
  assert.deepEqual(linksAfter({ position: 4, chainMac: 'audit-1.00' }, [{ id: 'e1', mac: MAC }], keys), [
    { id: 'e1', position: 5, previousMac: 'audit-1.00', chainMac: CHAIN_MAC },
  ])
})

test('the MAC of a checkpoint is unchanged', () => {
  const mac = 'audit-1.e9ad04a527d31c287e7695995312415697e05a9a78a2b326a463822504d5012c'
  const end = { position: 5, chainMac: CHAIN_MAC }
  assert.deepEqual(newCheckpoint(end, AT + 1, keys), { ...end, at: AT + 1, mac })
})
