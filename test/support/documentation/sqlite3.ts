// Stands in for sqlite3, which few machines have: `sqlite3 FILE STATEMENT`, and nothing else.
import { DatabaseSync } from 'node:sqlite'

const [file = '', statement = ''] = process.argv.slice(2)
const database = new DatabaseSync(file)
database.exec(statement)
database.close()
