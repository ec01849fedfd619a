// How many tokens the verifier of clients/node checks a second from its memory: `node scripts/launch.mjs tool bench/verifier.ts`. The server is played, so that nothing else is measured.
import { verifier } from '../clients/node/src/index.ts'

const TOKENS = 1000
const CHECKS = 500_000

const began = performance.now()
const encoder = new TextEncoder()

/** The stream of endings, which is complete every second; and the same answer about each token. */
const played: typeof fetch = (url) => {
  const isStream = (url instanceof Request ? url.url : url.toString()).includes('/endings')
  const exp = Math.floor(Date.now() / 1000) + 600
  const claims = { active: true, token_type: 'Bearer', sub: 'ada', client_id: 'app', scope: 'openid', exp }
  return Promise.resolve(isStream ? streamOf() : Response.json(claims))
}

function streamOf(): Response {
  const line = (): Uint8Array =>
    encoder.encode(`event: complete\nid: 1-0\ndata: {"elapsed":${Math.floor(performance.now() - began)}}\n\n`)
  let timer: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(line())
      timer = setInterval(() => stream.enqueue(line()), 250)
    },
    cancel: () => clearInterval(timer),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

const { verify, close } = verifier({ url: 'http://server', clientId: 'app', clientSecret: 's', fetch: played })
const headers = Array.from({ length: TOKENS }, (_, index) => `Bearer dwt_${'x'.repeat(40)}${index}`)
for (let round = 0; round < 2; round += 1) for (const header of headers) await verify(header)
const start = performance.now()
for (let check = 0; check < CHECKS; check += 1) {
  await verify(headers[check % TOKENS] ?? '')
  // So that the stream is read.
  if (check % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve))
}
const seconds = (performance.now() - start) / 1000
process.stdout.write(`${Math.round(CHECKS / seconds).toLocaleString('en')} checks a second\n`)
close()
