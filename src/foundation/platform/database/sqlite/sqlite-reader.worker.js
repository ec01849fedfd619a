// Runs in a separate thread: executes one statement after the other, synchronously, because nothing else runs here.
// Plain JavaScript: a thread that strips types first would need 13 MiB more.
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
    // Read afterwards: SQLite prepares the statement again by itself after a table was changed.
    return { columns: statement.columns().map(({ name }) => name), rows }
  } catch (error) {
    // Of an error, a message transfers only its text.
    return { error: { message: error.message, code: error.code, errcode: error.errcode } }
  }
}

function prepared(text) {
  const known = statements.get(text)
  if (known) return known
  const statement = db.prepare(text)
  statement.setReturnArrays(true)
  // An externally inserted number may have no exact double; it becomes the nearest one.
  statement.setReadBigInts(true)
  if (statements.size === MOST_STATEMENTS) statements.delete(statements.keys().next().value)
  statements.set(text, statement)
  return statement
}

function withoutBigInts(list) {
  return list.map((value) => (typeof value === 'bigint' ? Number(value) : value))
}
