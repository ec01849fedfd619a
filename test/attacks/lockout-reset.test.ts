// Threat: an attacker blocks a user by wrong guesses. An admin who gives the user new credentials resets the block at once.
import { resetSecondFactor, setPassword } from '../../src/use-cases/administration/credentials/credentials.service.ts'
import type { Context } from '../../src/foundation/context.ts'
import { Secret } from '../../src/foundation/kernel/secret.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertWait, ALLOWED_FAILURES, guess, guessInVain, peopled } from '../support/people/password-guesses.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { opensAttempt } from '../support/people/second-factors.ts'
import { idOf } from '../support/requests/replies.ts'

const GUESSER = { address: '203.0.113.9' }

const RESETS: Readonly<Record<string, (ctx: Context, id: number) => Promise<unknown>>> = {
  'a reset of the second factor': (ctx, id) => resetSecondFactor(ctx, { id }),
  'a password': (ctx, id) => setPassword(ctx, { id }, Secret.of(PASSWORD)),
}

for (const [what, reset] of Object.entries(RESETS)) {
  onEachDatabase(`${what} resets the block that another client’s guesses caused`, async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    await guessInVain(server, 'ada', ALLOWED_FAILURES, GUESSER)
    assertWait(await guess(server, 'ada', GUESSER))
    assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } }))
    await reset(server.operator(), await idOf(ada))
    await opensAttempt(ada)
  })
}
