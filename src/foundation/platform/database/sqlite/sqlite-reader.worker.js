// The thread of `SqliteReader`. It runs one statement after the other, synchronously, because it does nothing else.
// The file is JavaScript, because a thread that strips types needs 13 MiB more.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const MOST_STATEMENTS = 200

const db = new DatabaseSync(workerData.file, { readOnly: true, timeout: workerData.busyTimeout, allowExtension: false })
db.exec('pragma temp_store = memory')
db.exec(`pragma cache_size = -${workerData.cache}`)
const statements = new Map()

parentPort.on('message', (message) => {
  if (message === 'close') {
    statements.clear()
    db.close()
    return parentPort.close()
  }
  parentPort.postMessage(answer(message))
})

function answer({ text, values }) {
  try {
    const statement = prepared(text)
    const rows = statement.all(...values).map(withoutBigInts)
    // Columns are read after the rows, because SQLite prepares the statement again by itself after a table has changed.
    return { columns: statement.columns().map(({ name }) => name), rows }
  } catch (error) {
    // The fields of an error are copied, because a message to another thread transfers only its text.
    return { error: { message: error.message, code: error.code, errcode: error.errcode } }
  }
}

function prepared(text) {
  const known = statements.get(text)
  if (known) return known
  const statement = db.prepare(text)
  statement.setReturnArrays(true)
  // An externally inserted integer may be beyond the safe range; it becomes the nearest number.
  statement.setReadBigInts(true)
  if (statements.size === MOST_STATEMENTS) statements.delete(statements.keys().next().value)
  statements.set(text, statement)
  return statement
}

function withoutBigInts(list) {
  return list.map((value) => (typeof value === 'bigint' ? Number(value) : value))
}
