import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { countingDropped, fileSink, streamSink } from './log-output.ts'

const report = (dropped: number): string => `${dropped} dropped\n`

test('a write to a full disk drops the line and throws nothing', () => {
  const full = openSync('/dev/full', 'w')
  try {
    assert.equal(fileSink(full).write('one\n'), false)
    const output = countingDropped(fileSink(full), report)
    for (let line = 0; line < 100; line++) output.write(`${line}\n`)
  } finally {
    closeSync(full)
  }
})

/** A named pipe, which rejects a write without room as a full disk does. */
async function smallDisk(t: TestContext): Promise<{ fd: number; readAll: () => string }> {
  const path = join(await temporaryFolder(t), 'disk')
  execFileSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  t.after(() => closeSync(fd))
  const buffer = Buffer.alloc(2 ** 20)
  return { fd, readAll: () => buffer.toString('utf8', 0, readSync(fd, buffer)) }
}

test('once a file has room again, the first line reports the dropped lines, even after a partial line', async (t) => {
  const { fd, readAll } = await smallDisk(t)
  const sink = fileSink(fd)
  // Longer than PIPE_BUF, up to which a write to a pipe is atomic.
  const long = `${'x'.repeat(5000)}\n`
  let written = 0
  while (sink.write(long)) written += 1
  const output = countingDropped(sink, report)
  output.write(long)
  output.write(long)
  assert.ok(readAll().length > written * long.length, 'a part of the line was written')
  output.write('after\n')
  assert.equal(readAll(), '\n2 dropped\nafter\n')
})

async function connected(t: TestContext): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  t.after(() => {
    near.destroy()
    far.destroy()
    server.close()
  })
  return { near, far }
}

test('a slow reader loses the lines beyond a bound, and reads their number as soon as it has caught up', async (t) => {
  const { near, far } = await connected(t)
  const output = countingDropped(streamSink(near), report)
  const line = `${'x'.repeat(999)}\n`
  for (let written = 0; written < 20_000; written++) output.write(line)
  assert.ok(near.writableLength <= 2 ** 20)
  let read = ''
  far.setEncoding('utf8').on('data', (text: string) => (read += text))
  far.resume()
  while (!read.endsWith(' dropped\n')) await once(far, 'data')
  const kept = read.split('\n').filter((text) => text.startsWith('x')).length
  assert.equal(read.split('\n').at(-2), `${20_000 - kept} dropped`)
})

test('a write to a closed connection throws nothing', async (t) => {
  const { near, far } = await connected(t)
  near.on('error', () => {})
  const output = countingDropped(streamSink(near), report)
  far.destroy()
  output.write('one\n')
  await once(near, 'close')
  output.write('two\n')
})
