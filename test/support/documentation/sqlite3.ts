// Replaces sqlite3, which few machines have. Supports only `sqlite3 FILE STATEMENT`.
import { DatabaseSync } from 'node:sqlite'

const [file = '', statement = ''] = process.argv.slice(2)
const database = new DatabaseSync(file)
database.exec(statement)
database.close()
