import { withCaller } from '@doorward/client'

import { show, tokens } from '../../doorward.js'

export const GET = withCaller(tokens, show, { roles: ['admin'] })
