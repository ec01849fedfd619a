// What 200 open streams of endings cost a node, beside the same node without them: `node scripts/launch.mjs tool bench/streams.ts`. Linux only.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import type { TestApp } from '../clients/test/src/app.ts'
import { startDoorward } from '../clients/test/src/source.ts'
import { median } from './load.ts'

const STREAMS = 200
/** A stream more of one app would be refused. */
const OF_ONE_APP = 20
const ROUNDS = 7
const SPAN = 2000
const CLIENTS = 8

const door = await startDoorward()
const session = await door.signIn(await door.user())
const apps: TestApp[] = []
for (let count = 0; count < STREAMS / OF_ONE_APP; count += 1)
  apps.push(await door.app({ name: `App ${count}`, redirectUris: ['https://app.example.org/'] }))

/** Opens the streams, and returns what closes them. */
async function openStreams(): Promise<() => void> {
  const ending = new AbortController()
  const opened = apps.flatMap(({ id, secret }) =>
    Array.from({ length: OF_ONE_APP }, async () => {
      const authorization = `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret ?? '')}`)}`
      const answer = await fetch(`${door.url}/endings`, { headers: { authorization }, signal: ending.signal })
      if (!answer.ok) throw new Error(`/endings answered ${answer.status}`)
      void answer.body?.pipeTo(new WritableStream(), { signal: ending.signal }).catch(() => undefined)
    }),
  )
  await Promise.all(opened)
  return () => ending.abort()
}

/** Requests of who am I in a second. */
async function rate(): Promise<number> {
  let count = 0
  const until = performance.now() + SPAN
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const answer = await session.fetch('/users/me')
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`/users/me answered ${answer.status}`)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return count / (SPAN / 1000)
}

/** Resident mebibytes of the only child process. */
function residentOfServer(): number {
  const statuses = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'))
  const server = statuses.find((status) => Number(/PPid:\s+(\d+)/.exec(status)?.[1]) === process.pid) ?? ''
  return Number(/VmRSS:\s+(\d+) kB/.exec(server)?.[1] ?? Number.NaN) / 1024
}

await rate()
const ratios: number[] = []
const idle: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  await pause(3000)
  const before = residentOfServer()
  const without = await rate()
  const close = await openStreams()
  await pause(3000)
  idle.push(residentOfServer() - before)
  ratios.push(without / (await rate()))
  close()
}
process.stdout.write(
  `who am I with ${STREAMS} streams: ${median(ratios).toFixed(2)} times as long as without (${ratios.map((one) => one.toFixed(2)).join(', ')})\n` +
    `idle memory: ${median(idle).toFixed(1)} MiB more (${idle.map((one) => one.toFixed(1)).join(', ')})\n`,
)
await door.stop()
