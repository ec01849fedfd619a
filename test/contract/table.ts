// The contract of the legacy app: every recorded request with its answer, Doorward's answer, and the reason for a difference. The
// replay sends all of them; docs/origin.md shows them.
import { NEW_USER_ROWS } from './new-user-rows.ts'
import { ADDED_ROWS, OTHER_ROWS, OWN_RECORD_ROWS } from './own-record-rows.ts'
import { BY_ID_ROWS, ME_ROWS } from './reading-rows.ts'
import type { Group } from './row.ts'
import { TOKEN_ROWS } from './token-rows.ts'

/** The recorded requests in their order: each depends on the state that the earlier ones left. */
export const RECORDED: readonly Group[] = [
  { title: 'POST /token', rows: TOKEN_ROWS },
  { title: 'POST /users/', rows: NEW_USER_ROWS },
  { title: 'GET /users/me/', rows: ME_ROWS },
  { title: 'GET /users/{user_id}', rows: BY_ID_ROWS },
  { title: 'PUT /users/me/', rows: OWN_RECORD_ROWS },
  { title: 'Other paths', rows: OTHER_ROWS },
]

export const ADDED: Group = { title: 'Beyond the recording', rows: ADDED_ROWS }

export const CONTRACT: readonly Group[] = [...RECORDED, ADDED]
