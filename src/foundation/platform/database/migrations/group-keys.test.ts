import assert from 'node:assert/strict'

import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import { rekeyGroups } from './group-keys.ts'

onEachDatabase(
  'groups of earlier versions get keys without joiners; one whose key is taken keeps its own',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const names = [
      'Staff',
      'Sta\u200Cff',
      'می\u200Cخواهم',
      'Re\u200Dsearch',
      'Resea\u200Drch',
      '\u200D',
      'Zero\u200Bwidth',
    ]
    const rows = names.map((name, at) => ({
      id: `g${at}`,
      name,
      name_key: name.toLowerCase(),
      description: '',
      revision: 0,
      created_at: 100 - at,
    }))
    await db.insertInto('user_group').values(rows).execute()
    const remarks = await rekeyGroups(db)
    assert.match(remarks.join(), /: 3\. Rename them/)
    const keys = await db.selectFrom('user_group').select('name_key').orderBy('id').execute()
    assert.deepEqual(
      keys.map(({ name_key: key }) => key),
      // The younger of two is created later, so the second "Research" of this list, which is older, gets the key.
      ['staff', 'sta\u200Cff', 'میخواهم', 're\u200Dsearch', 'research', '\u200D', 'zero\u200Bwidth'],
    )
    assert.deepEqual(await rekeyGroups(db), remarks)
  },
)
