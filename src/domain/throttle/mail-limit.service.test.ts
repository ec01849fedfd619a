import assert from 'node:assert/strict'

import { inTransaction } from '#foundation/context.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import { later } from '#test/support/people/guess-buckets.ts'
import { deleteQuietBuckets } from './bucket-cleanup.service.ts'
import { countMail, mailBucket } from './mail-limit.service.ts'

onBothEngines('no hour has more than three mails, however the requests are spread', async (_, db) => {
  const ctx = contextOn(db)
  const sent: number[] = []
  for (let at = 0; at < hours(6); at += minutes(7)) {
    const tx = later(ctx, at)
    if (await inTransaction(tx, (inside) => countMail(inside, 'mail:ada'))) sent.push(at)
  }
  assert.ok(sent.length >= 9, sent.join(' '))
  for (const [index, at] of sent.entries())
    assert.ok((sent[index + 3] ?? Infinity) - at >= hours(1), `four mails from ${at} on`)
})

onBothEngines('of twenty parallel mails exactly three are allowed', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())]
  const allowed = await Promise.all(
    Array.from({ length: 20 }, (_unused, index) => inTransaction(nodes[index % 2]!, (tx) => countMail(tx, 'mail:ada'))),
  )
  assert.equal(allowed.filter(Boolean).length, 3)
})

onBothEngines('a user has one bucket for all spellings, an unknown name one of its own', async (_, db) => {
  const ctx = contextOn(db)
  assert.equal(mailBucket(ctx, 'ada', 'subject'), mailBucket(ctx, 'ada@example.org', 'subject'))
  assert.equal(mailBucket(ctx, 'Nobody', undefined), mailBucket(ctx, 'nobody', undefined))
  assert.notEqual(mailBucket(ctx, 'nobody', undefined), mailBucket(ctx, 'nobody else', undefined))
})

onBothEngines('a quiet bucket is deleted after its hour, and no earlier', async (_, db) => {
  const ctx = contextOn(db)
  for (let mail = 0; mail < 3; mail++) await inTransaction(ctx, (tx) => countMail(tx, 'mail:ada'))
  assert.equal(await deleteQuietBuckets(later(ctx, hours(1) - 1)), 0)
  assert.equal(await deleteQuietBuckets(later(ctx, hours(1))), 1)
})
