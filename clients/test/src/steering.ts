// Loaded by the server of the kit before its own program, with `--import`: the process that started it moves its clocks over the IPC channel.
import { rmSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** How much time has passed beyond that of the machine, in milliseconds. */
export interface Steered {
  readonly passed: number
}

if (isMainThread) steer()

function steer(): void {
  const read = { wall: Date.now, monotonic: performance.now.bind(performance) }
  let passed = 0
  Date.now = () => read.wall() + passed
  performance.now = () => read.monotonic() + passed
  process.on('message', (steered: Steered) => {
    passed = steered.passed
    process.send?.(steered)
  })
  // The test has ended without `stop()`: its server ends too, and takes its folder along.
  process.on('disconnect', () => {
    process.once('exit', () => rmSync(process.cwd(), { recursive: true, force: true }))
    process.exit()
  })
  // The channel alone does not keep a server that has stopped.
  process.channel?.unref()
}
