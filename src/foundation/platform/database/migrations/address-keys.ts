import { sql } from 'kysely'

import { ipAddressKey } from '#foundation/kernel/ip-address-range.ts'
import type { Database } from '../database.ts'

const PAGE = 500

interface Row {
  readonly id: string
  readonly details: string
}

/** Adds the key of the IP address to events that were written before the column existed, from their details. */
export async function fillAddressKeys(trx: Database): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await sql<Row>`
      select id, details from audit_event where id > ${after} and details is not null order by id limit ${PAGE}`.execute(
      trx,
    )
    const last = rows.at(-1)
    if (last === undefined) return
    await writeKeys(trx, rows)
    after = last.id
  }
}

async function writeKeys(trx: Database, rows: readonly Row[]): Promise<void> {
  const values = rows.flatMap(({ id, details }) => {
    const key = keyIn(details)
    return key === null ? [] : [sql`(cast(${id} as text), cast(${key} as text))`]
  })
  if (values.length === 0) return
  await sql`
    with found (id, key) as (values ${sql.join(values)})
    update audit_event set address_key = found.key from found where audit_event.id = found.id`.execute(trx)
}

function keyIn(details: string): string | null {
  try {
    const { address } = JSON.parse(details) as { address?: unknown }
    return typeof address === 'string' ? ipAddressKey(address) : null
  } catch {
    return null
  }
}
