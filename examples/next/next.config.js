import { join } from 'node:path'

/** The packages lie below this folder and, as long as the client is not on npm, in the clone around it. */
export default { turbopack: { root: join(import.meta.dirname, '..', '..') } }
