// Commands for stories, and an admin for them.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { type Application, openApplication, OPERATOR } from '#entry/boot.ts'
import { type Context, contextFor } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import {
  beginEnrolmentFor,
  confirmEnrolmentFor,
} from '#use-cases/administration/invitations/in-person-enrolment.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import { CHEAP_HASH } from '../../../clients/test/src/server-process.ts'
import { EXHAUSTIVE } from '../runner/scope.ts'
import { runInKeptProcess } from './command-process.ts'
import { commandLine, type Ended, type Installation, runCommand } from './processes.ts'

export const SECRET_WORDS = 'seven sturdy walnut boats'

export type Run = (...args: string[]) => Promise<Ended>

/** Runs commands on this installation, as `command` does. */
export function runner(t: TestContext, installation: Installation): Run {
  return (...args) => command(t, args, installation)
}

/** Runs each command as a shell does: the built program, in a process of its own. */
export function programRunner(t: TestContext, installation: Installation): Run {
  return (...args) => runCommand(t, args, installation)
}

/**
 * Runs a command to its end, in a process that runs those of other stories too: by the same function, with its own arguments, environment,
 * folder, output and exit code. The built program runs it in an exhaustive test, where it is `serve`, and where the installation chooses
 * how the process is started.
 */
export function command(t: TestContext, args: readonly string[], installation: Installation): Promise<Ended> {
  const { flags, node, program, stdout } = installation
  const isChosen = [flags, node, program, stdout].some((choice) => choice !== undefined)
  if (isChosen || args.includes('serve') || EXHAUSTIVE.test(t.name)) return runCommand(t, args, installation)
  return runInKeptProcess(commandLine(args, installation))
}

export function jsonIn(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}

/** The problem document that a failed command with `--json` prints on stderr; stdout must be empty. */
export function problemIn({ stdout, stderr }: Ended): Record<string, unknown> {
  assert.equal(stdout, '')
  return jsonIn(stderr)
}

/** The JSON of a command that succeeds and prints nothing else. */
export function outputIn({ code, stdout, stderr }: Ended): Record<string, unknown> {
  assert.deepEqual([code, stderr], [0, ''])
  return jsonIn(stdout)
}

/** The exit code of a command that failed, and the error code of its problem document. */
export function failureIn(ended: Ended): [exit: number | null, code: unknown] {
  return [ended.code, problemIn(ended)['code']]
}

/** Runs `work` as the operator, in this process. */
export async function asOperator(
  { databaseUrl, dataDir }: Installation,
  work: (ctx: Context) => Promise<unknown>,
): Promise<void> {
  const { config } = loadConfig({
    flags: { ...CHEAP_HASH, databaseUrl, dataDir, logLevel: 'silent' },
    env: {},
    cwd: dataDir,
  })
  const doorward: Application = await openApplication(config, { createDatabase: true })
  await work(contextFor(doorward, OPERATOR))
  await doorward.close()
}

/** Creates an admin whose app is enrolled by the operator. */
export function withAdmin(installation: Installation): Promise<void> {
  return asOperator(installation, async (ctx) => {
    const { user } = await createUser(ctx, {
      username: 'ada',
      role: 'admin',
      password: Secret.of(SECRET_WORDS),
      invite: false,
    })
    const { id, secret } = await beginEnrolmentFor(ctx, user)
    const app = new Authenticator(secret.reveal())
    assert.equal(await confirmEnrolmentFor(ctx, { user, id, code: app.code(ctx.now, 7) }), 'wrong')
    assert.equal(await confirmEnrolmentFor(ctx, { user, id, code: app.code(ctx.now) }), 'confirmed')
  })
}
