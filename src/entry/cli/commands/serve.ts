import { noticeRuleChange } from '#domain/approvals/rule-change.service.ts'
import { requireValidMailTemplates } from '#domain/mail/mail-looks.service.ts'
import { type Application, calibrateImportedHashes, openApplication, OPERATOR } from '#entry/boot.ts'
import { newJobs } from '#entry/jobs/jobs.ts'
import { startJobs } from '#entry/jobs/scheduler.ts'
import { contextFor } from '#foundation/context.ts'
import { seconds } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { applyConfiguredRoles } from '#use-cases/administration/roles/configured-roles.service.ts'
import { printBanner } from '../start/banner.ts'
import { requireTrustedProxies } from '../start/protected-hosts.ts'
import { answerStateRollback } from '../start/state-rollback.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure, errorCodeOf } from '../terminal/failure.ts'
import { type Invocation, invocationOf } from '../terminal/invocation.ts'
import { endWithoutReaderAfter, goOnWithoutReader } from '../terminal/output.ts'

export function addServe(program: CliCommand): void {
  const command = program.command('serve')
  command
    .description('start the server')
    .option('--qr', 'also show the setup link of a first run as a QR code')
    // `npm start -- --help` shows this help, so it contains the settings.
    .configureHelp({ ...command.configureHelp(), showGlobalOptions: true })
    .withExamples(
      'serve',
      'serve --public-url https://id.example.org --host 0.0.0.0',
      'serve --database-url postgres://doorward@db.internal/doorward',
    )
    .action(({ qr = false }: { qr?: boolean }) => serve(invocationOf(command), qr))
}

/** How long a stopped server waits for the reader of its log. */
const LONGEST_FLUSH = seconds(1)
/** In bytes: vacuuming a larger file would delay the start by more than a few seconds. */
const LARGEST_SCRUB = 256 * 1024 * 1024

async function serve(invocation: Invocation, qr: boolean): Promise<void> {
  const { loaded, out } = invocation
  goOnWithoutReader()
  const stopRequested = stopSignal()
  const doorward = await openApplication(loaded.config, {
    createDatabase: true,
    largestScrub: LARGEST_SCRUB,
    onMigrationWait: () => out.warn('Another process is migrating this database. Waiting …'),
  })
  let grace: AbortSignal | undefined
  try {
    await requireTrustedProxies(contextFor(doorward, OPERATOR))
    const rollback = await answerStateRollback(doorward)
    if (rollback !== undefined) out.warn(rollback)
    await noticeRuleChange(contextFor(doorward, OPERATOR))
    for (const { role, removed } of await applyConfiguredRoles(contextFor(doorward, OPERATOR)))
      out.warn(`The setting roles took from the role ${role}: ${removed.join(', ')}`)
    const stop = await start(invocation, doorward, qr)
    const signal = await stopRequested
    grace = AbortSignal.timeout(loaded.config.shutdownGrace)
    doorward.log.info({ signal }, 'stopping')
    await stop()
  } finally {
    await doorward.close()
    endWithoutReaderAfter(LONGEST_FLUSH, grace)
  }
}

/** Starts the server and its background work. The returned function stops both, the chain writer last. */
async function start({ loaded, out }: Invocation, doorward: Application, qr: boolean): Promise<() => Promise<void>> {
  // Imported here, because loading the web framework takes longer than most other commands run.
  const { buildApp } = await import('#entry/http/app.ts')
  const { startServer } = await import('#entry/http/server.ts')
  requireValidMailTemplates(loaded.config)
  const app = await buildApp(doorward)
  const server = await startServer(app, loaded.config).catch((error: unknown) => failToListen(error, loaded.config))
  const jobs = startJobs(doorward, newJobs())
  doorward.writeProbe.start()
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), jobs.stop()])
    await doorward.writeProbe.stop()
    await jobs.runLast()
  }
  await printStart({ out, doorward, loaded, qr })
  calibrateImportedHashes(doorward)
  return stop
}

/** What only prints does not end a server that serves already: the database may have failed since the start. */
async function printStart({
  out,
  doorward,
  loaded,
  qr,
}: Pick<Invocation, 'out' | 'loaded'> & { doorward: Application; qr: boolean }): Promise<void> {
  try {
    await printBanner(out, { doorward, loaded }, qr)
  } catch (error) {
    doorward.log.error({ err: error }, 'start messages were not completed; server goes on')
    const [link, findings] = [commandFor(loaded.config, 'setup-link'), commandFor(loaded.config, 'doctor')]
    out.warn(
      `  Warning: the messages of this start are incomplete; the log has the reason. The server goes on. Link of a first run: ${link}. Findings: ${findings}`,
    )
  }
}

type Listening = Pick<Config, 'host' | 'port'>

function failToListen(cause: unknown, listening: Listening): never {
  const detail = LISTEN_PROBLEMS[errorCodeOf(cause)]?.(listening)
  if (detail === undefined) throw cause
  const parts = { exit: EXIT.unreachable, code: 'server.cannot_listen', title: 'Cannot listen', detail }
  throw new CliFailure(parts, { cause })
}

const LISTEN_PROBLEMS: Readonly<Record<string, (listening: Listening) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} on ${host} is in use. Stop the other program or use another port: --port ${port === 65_535 ? 8000 : port + 1}`,
  EACCES: ({ port }) => `Port ${port} needs more privileges than this program has. Use one above 1023: --port 8000`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine. Use one that is: --host localhost`,
  ENOTFOUND: ({ host }) => `The host name ${host} cannot be resolved. Use an address of this machine: --host localhost`,
}

/** One Ctrl-C may arrive as several signals: from the terminal, and from each parent process that forwards it. */
const SAME_SIGNAL_FOR = seconds(3)

/** Resolves at the first SIGTERM or SIGINT. A signal after `SAME_SIGNAL_FOR` ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let isStopping = false
  let isRepeated = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isRepeated) process.exit(EXIT.interrupted)
      if (!isStopping) setTimeout(() => (isRepeated = true), SAME_SIGNAL_FOR).unref()
      isStopping = true
      resolve(signal)
    })
  }
  return promise
}
