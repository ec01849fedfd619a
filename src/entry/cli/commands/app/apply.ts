// Changes the apps to what a file says, and prints such a file.
import { Refusal } from '#foundation/kernel/refusal.ts'
import { presentAppPlan } from '#use-cases/administration/app-files/app-file.schema.ts'
import {
  applyAppFile,
  type AppFileRequest,
  appsForFile,
  hasChanges,
  planAppFile,
} from '#use-cases/administration/app-files/app-file.service.ts'
import { appFileText, appTable, type FileValue } from '#use-cases/administration/app-files/app-file.ts'
import type { AppPlan, FieldChange, PlannedApp } from '#use-cases/administration/app-files/app-plan.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { type Output, printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { type AppFile, openAppFile } from './app-file.ts'

export function addFileCommands(app: CliCommand): void {
  app
    .command('apply')
    .description('make the apps as a file says; shows the changes (asks for confirmation)')
    .argument('<file>', 'TOML, as "app export" prints it; docs/apps.md explains it')
    .option('--dry-run', 'only show the changes')
    .option('--remove-others', 'also delete the apps that the file does not have')
    .withExamples('app apply apps.toml --dry-run', 'app apply apps.toml --yes')
    .action(withContext(apply))
  app
    .command('export')
    .description('print all apps as a file for "app apply", with the hashes of their secrets')
    .withExamples('app export > apps.toml')
    .action(withContext(exportApps))
}

interface Flags {
  readonly dryRun?: boolean
  readonly removeOthers?: boolean
}

async function apply(working: Working, path: string, { dryRun = false, removeOthers = false }: Flags): Promise<void> {
  const { ctx, out, yes } = working
  const file = openAppFile(path)
  if (removeOthers && file.apps.length === 0)
    throw CliFailure.usage(`${path} has no app, so --remove-others would delete all of them. Use app remove for that.`)
  const wanted: AppFileRequest = { apps: file.apps, removesOthers: removeOthers }
  // Confirmed beforehand: what is printed is what was done.
  if (yes && !dryRun) return report(out, await attempt(file, () => applyAppFile(ctx, wanted)), true)
  const plan = await attempt(file, () => planAppFile(ctx, wanted))
  if (dryRun || !hasChanges(plan)) return report(out, plan, false)
  if (out.form !== 'json') printPlan(out, plan)
  await confirmOr(working, questionFor(plan))
  await attempt(file, () => applyAppFile(ctx, wanted, plan))
  saySummary(out, plan, true)
}

async function attempt<Result>(file: AppFile, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'resource.stale')
      throw CliFailure.refusal(error.code, 'Apps were changed since this was shown. Nothing was changed; start again.')
    throw file.failureOf(error) ?? error
  }
}

/** How many names a question has. */
const MOST_NAMED = 20

function questionFor({ removed }: AppPlan): string {
  if (removed.length === 0) return 'Make these changes?'
  const names = removed.slice(0, MOST_NAMED).map(({ name }) => printable(name))
  const more = removed.length - names.length
  const list = new Intl.ListFormat('en-GB').format([...names, ...(more > 0 ? [`${more} more`] : [])])
  const theirs = removed.length === 1 ? 'its' : 'their'
  return `Make these changes, and delete ${counted(removed.length, 'app')} with ${theirs} sign-ins: ${list}?`
}

function report(out: Output, plan: AppPlan, isDone: boolean): void {
  if (out.form === 'json') return out.json(presentAppPlan(plan, isDone && hasChanges(plan)))
  printPlan(out, plan)
  saySummary(out, plan, isDone)
}

/** A line of a plan: what happens to an app, or how a field of it changes. */
type Row = readonly [what: string, id: string, name: string, field?: string, before?: string, after?: string]

function printPlan(out: Output, plan: AppPlan): void {
  for (const row of rowsOf(plan))
    out.line(out.form === 'plain' ? row.map((cell = '') => printable(cell)).join('\t') : lineOf(row))
}

function lineOf([what, id, name, field, before = '', after = '']: Row): string {
  if (field === undefined) return `${what.padEnd(6)}  ${printable(name)} (${printable(id)})`
  const change = before === '' ? after : `${before} → ${after || 'nothing'}`
  return `${' '.repeat(8)}${field}: ${printable(change)}`
}

function rowsOf({ added, changed, removed, others }: AppPlan): Row[] {
  return [
    ...added.flatMap((app) => rowsOfApp('add', app)),
    ...changed.flatMap((app) => rowsOfApp('change', app)),
    ...removed.map(({ id, name }): Row => ['delete', id, name]),
    ...others.map(({ id, name }): Row => ['other', id, name]),
  ]
}

function rowsOfApp(what: string, app: PlannedApp): Row[] {
  const { id, name, changes, addedHashes, endedSecrets, endsSignIns } = app
  const row = (field: string, before: string, after: string): Row => [what, id, name, field, before, after]
  const secrets = [
    ...(addedHashes.length > 0 ? [`${addedHashes.length} added`] : []),
    ...(endedSecrets.length > 0 ? [`${endedSecrets.length} ended`] : []),
  ].join(', ')
  return [
    [what, id, name],
    ...changes.map(({ field, before, after }: FieldChange) => row(field, valueText(before), valueText(after))),
    ...(secrets === '' ? [] : [row('secrets', '', secrets)]),
    ...(endsSignIns ? [row('sign-ins', '', 'end')] : []),
  ]
}

function valueText(value: FileValue | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'object' ? (value ?? []).join(', ') : String(value)
}

function saySummary(out: Output, { added, changed, unchanged, removed, others }: AppPlan, isDone: boolean): void {
  const counts = [
    [added.length, 'added'],
    [changed.length, 'changed'],
    [removed.length, 'deleted'],
    [unchanged.length, 'unchanged'],
    [others.length, 'not in the file'],
  ] as const
  const summary = counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ')
  const isSame = added.length + changed.length + removed.length === 0
  if (isDone && !isSame) out.done(`Applied: ${summary}`)
  else out.say(`${isSame ? 'Nothing to change' : 'Would be'}: ${summary || 'no apps'}`)
  const stopped = unchanged.filter(({ disabledAt }) => disabledAt !== null)
  if (stopped.length > 0) out.say(`Disabled, and stays so: ${stopped.map(({ name }) => printable(name)).join(', ')}`)
}

async function exportApps({ ctx, out }: Working): Promise<void> {
  const tables = (await appsForFile(ctx)).map(appTable)
  if (out.form === 'json') out.json({ app: tables })
  else out.line(appFileText(tables).trimEnd())
}
