// Verifies argon2id hashes at low priority: on request, or in a loop for a given time.
import { verifySync } from '@node-rs/argon2'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'

setPriority(0, 15)

interface Job {
  readonly id: number
  readonly hash: string
  readonly password: string
}

parentPort?.on('message', ({ id, hash, password }: Job) => {
  parentPort?.postMessage({ id, matched: verifySync(hash, password) })
})

const loop = workerData as { hash: string; password: string; milliseconds: number } | undefined
if (loop) {
  const end = performance.now() + loop.milliseconds
  let count = 0
  const start = performance.now()
  while (performance.now() < end) {
    verifySync(loop.hash, loop.password)
    count += 1
  }
  parentPort?.postMessage({ count, milliseconds: performance.now() - start })
  parentPort?.close()
}
