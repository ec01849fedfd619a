// Compares who am I on PostgreSQL with what `pg` itself reaches with one prepared query.
import { createHash } from 'node:crypto'

import { Pool } from 'pg'

import { startPostgres } from '../test/support/databases/postgres-server.ts'
import { BOUNDS } from './bounds.ts'
import { median, whoAmI } from './load.ts'
import { newPeople, seedDoorward, SIGNED_IN } from './people.ts'
import { startDoorward } from './programs.ts'
import type { Row } from './table.ts'

export interface PostgresBench {
  readonly rounds: number
  readonly slice: number
  readonly connections: number
  readonly folder: string
  readonly say: (text: string) => void
}

export async function measurePostgres({ rounds, slice, connections, folder, say }: PostgresBench): Promise<Row[]> {
  say('PostgreSQL')
  const server = await startPostgres()
  try {
    const url = new URL(server.url)
    const settings = { data_dir: `${folder}/postgres`, database_url: url.href }
    const tokens = await seedDoorward(newPeople(SIGNED_IN), settings)
    const program = await startDoorward(settings)
    const pool = new Pool({ connectionString: url.href, max: 10 })
    const rates = { product: [] as number[], raw: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      rates.raw.push(await lookUps(pool, tokens, { connections, milliseconds: slice }))
      rates.product.push(await whoAmI(program.url, tokens, { connections, milliseconds: slice }))
    }
    await pool.end()
    await program.stop()
    const ratio = median(rates.product.map((rate, index) => rate / (rates.raw[index] ?? Number.NaN)))
    const note = `${median(rates.product).toFixed(0)} ÷ ${median(rates.raw).toFixed(0)}, one process`
    return [{ ...BOUNDS.postgres, measured: ratio, note }]
  } finally {
    await server.stop()
  }
}

/** Returns queries a second of a session with its user by the token's hash, from one process. */
async function lookUps(
  pool: Pool,
  tokens: readonly string[],
  { connections, milliseconds }: { connections: number; milliseconds: number },
): Promise<number> {
  const text = 'select users.* from session join users on users.subject = session.subject where session.token_hash = $1'
  const end = performance.now() + milliseconds
  let count = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        await pool.query({
          name: 'who',
          text,
          values: [
            createHash('sha256')
              .update(tokens[count % tokens.length] ?? '')
              .digest('hex'),
          ],
        })
        count += 1
      }
    }),
  )
  return (count * 1000) / milliseconds
}
