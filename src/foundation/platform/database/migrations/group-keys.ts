import { distinctNameKey } from '#foundation/kernel/distinct-name.ts'
import type { Database } from '../database.ts'

/**
 * Gives each group, the oldest first, the key of its name without joiners. One whose key is taken, or whose name shows nothing, keeps the key
 * that it has: it is found by its id and its page. Returns a remark for the operator about these.
 */
export async function rekeyGroups(trx: Database): Promise<string[]> {
  const groups = await trx
    .selectFrom('user_group')
    .select(['id', 'name', 'name_key as key'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const taken = new Set(groups.map(({ key }) => key))
  let left = 0
  for (const { id, name, key } of groups) {
    const wanted = distinctNameKey(name)
    if (wanted === key) continue
    if (wanted === '' || taken.has(wanted)) {
      left++
      continue
    }
    taken.add(wanted)
    await trx.updateTable('user_group').set({ name_key: wanted }).where('id', '=', id).execute()
  }
  if (left === 0) return []
  return [
    `Groups whose names differ from others only by characters that no page shows: ${left}. Rename them on the page Groups.`,
  ]
}
