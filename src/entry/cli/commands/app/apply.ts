// Changes the apps, resources and protected hosts to what a file says, and prints such a file.
import { Refusal } from '#foundation/kernel/refusal.ts'
import { presentFilePlan } from '#use-cases/administration/app-files/app-file.schema.ts'
import {
  applyAppFile,
  type AppFileRequest,
  appsForFile,
  type FilePlan,
  hasChanges,
  hostsForFile,
  planAppFile,
  resourcesForFile,
} from '#use-cases/administration/app-files/app-file.service.ts'
import { appFileText, appTable } from '#use-cases/administration/app-files/app-file.ts'
import type { PlannedApp } from '#use-cases/administration/app-files/app-plan.ts'
import type { FieldChange, FileValue } from '#use-cases/administration/app-files/file-table.ts'
import type { TablePlan } from '#use-cases/administration/app-files/table-plan.ts'
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
    .description('change apps, resources and hosts as a file says (asks for confirmation)')
    .argument('<file>', 'TOML, as "app export" prints it; docs/manage-apps.md explains it')
    .option('--dry-run', 'only show the changes')
    .option('--remove-others', 'also delete the apps, resources and hosts that the file does not have')
    .withExamples('app apply apps.toml --dry-run', 'app apply apps.toml --yes')
    .action(withContext(apply))
  app
    .command('export')
    .description('print them as a file for "app apply"')
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
  const { apps, resources, hosts } = file
  const wanted: AppFileRequest = { apps, resources, hosts, removesOthers: removeOthers }
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
      throw CliFailure.refusal(
        error.code,
        'Apps, resources or hosts were changed since this was shown. Nothing was changed; start again.',
      )
    throw file.failureOf(error) ?? error
  }
}

/** How many names a question has. */
const MOST_NAMED = 20

function questionFor({ removed, resources, hosts }: FilePlan): string {
  const theirs = removed.length === 1 ? 'its' : 'their'
  const deleted = [
    ...(removed.length > 0 ? [`${counted(removed.length, 'app')} with ${theirs} sign-ins: ${namesOf(removed)}`] : []),
    ...(resources.removed.length > 0
      ? [`${counted(resources.removed.length, 'resource')}: ${namesOf(resources.removed)}`]
      : []),
    ...(hosts.removed.length > 0 ? [`${counted(hosts.removed.length, 'host')}: ${namesOf(hosts.removed)}`] : []),
  ]
  return deleted.length === 0 ? 'Make these changes?' : `Make these changes, and delete ${deleted.join('; and ')}?`
}

function namesOf(items: readonly { readonly name: string }[]): string {
  const names = items.slice(0, MOST_NAMED).map(({ name }) => printable(name))
  const more = items.length - names.length
  return new Intl.ListFormat('en-GB').format([...names, ...(more > 0 ? [`${more} more`] : [])])
}

function report(out: Output, plan: FilePlan, isDone: boolean): void {
  if (out.form === 'json') return out.json(presentFilePlan(plan, isDone && hasChanges(plan)))
  printPlan(out, plan)
  saySummary(out, plan, isDone)
}

/** A line of a plan: what happens to an app, a resource or a host, or how a field of it changes. The id of a resource is its URI, that of a host its name. */
type Row = readonly [what: string, id: string, name: string, field?: string, before?: string, after?: string]

function printPlan(out: Output, plan: FilePlan): void {
  for (const row of rowsOf(plan))
    out.line(out.form === 'plain' ? row.map((cell = '') => printable(cell)).join('\t') : lineOf(row))
}

function lineOf([what, id, name, field, before = '', after = '']: Row): string {
  const [verb = '', kind = ''] = what.split('-')
  if (field === undefined)
    return `${verb.padEnd(6)}  ${kind && `${kind} `}${printable(name)}${id === name ? '' : ` (${printable(id)})`}`
  const change = before === '' ? after : `${before} → ${after || 'nothing'}`
  return `${' '.repeat(8)}${field}: ${printable(change)}`
}

function rowsOf({ added, changed, removed, others, resources, hosts }: FilePlan): Row[] {
  return [
    ...added.flatMap((app) => rowsOfApp('add', app)),
    ...changed.flatMap((app) => rowsOfApp('change', app)),
    ...removed.map(({ id, name }): Row => ['delete', id, name]),
    ...others.map(({ id, name }): Row => ['other', id, name]),
    ...rowsOfTables('resource', resources, ({ uri, name }) => [uri, name]),
    ...rowsOfTables('host', hosts, ({ name }) => [name, name]),
  ]
}

function rowsOfTables<Stored extends Fields, Fields>(
  kind: string,
  { added, changed, removed, others }: TablePlan<Stored, Fields>,
  named: (fields: Fields) => readonly [id: string, name: string],
): Row[] {
  const rowsOfPlanned = (what: string, { fields, changes }: TablePlan<Stored, Fields>['added'][number]): Row[] => {
    const head = [`${what}-${kind}`, ...named(fields)] as const
    return [head, ...changes.map((change) => rowOfField(head, change))]
  }
  return [
    ...added.flatMap((one) => rowsOfPlanned('add', one)),
    ...changed.flatMap((one) => rowsOfPlanned('change', one)),
    ...removed.map((one): Row => [`delete-${kind}`, ...named(one)]),
    ...others.map((one): Row => [`other-${kind}`, ...named(one)]),
  ]
}

function rowOfField(
  [what, id, name]: readonly [what: string, id: string, name: string],
  { field, before, after }: FieldChange,
): Row {
  // A rule of a host has commas of its own.
  const separator = field === 'rule' ? '; ' : ', '
  return [what, id, name, field, valueText(before, separator), valueText(after, separator)]
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
    ...changes.map((change) => rowOfField([what, id, name], change)),
    ...(secrets === '' ? [] : [row('secrets', '', secrets)]),
    ...(endsSignIns ? [row('sign-ins', '', 'end')] : []),
  ]
}

function valueText(value: FileValue | null, separator: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'object' ? (value ?? []).join(separator) : String(value)
}

function saySummary(out: Output, plan: FilePlan, isDone: boolean): void {
  const { unchanged, resources, hosts } = plan
  const others = Object.entries({ resources, hosts }).map(
    ([kind, lists]) => countsIn(lists) && `${kind}: ${countsIn(lists)}`,
  )
  const summary = [countsIn(plan), ...others].filter(Boolean).join('; ')
  if (isDone && hasChanges(plan)) out.done(`Applied: ${summary}`)
  else out.say(`${hasChanges(plan) ? 'Would be' : 'Nothing to change'}: ${summary || 'no apps'}`)
  const stopped = unchanged.filter(({ disabledAt }) => disabledAt !== null)
  if (stopped.length > 0) out.say(`Disabled, and stays so: ${stopped.map(({ name }) => printable(name)).join(', ')}`)
}

type Lists = Readonly<Record<'added' | 'changed' | 'removed' | 'unchanged' | 'others', readonly unknown[]>>

function countsIn({ added, changed, removed, unchanged, others }: Lists): string {
  const counts = [
    [added.length, 'added'],
    [changed.length, 'changed'],
    [removed.length, 'deleted'],
    [unchanged.length, 'unchanged'],
    [others.length, 'not in the file'],
  ] as const
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ')
}

async function exportApps({ ctx, out }: Working): Promise<void> {
  const [apps, resources] = [(await appsForFile(ctx)).map(appTable), await resourcesForFile(ctx)]
  const hosts = await hostsForFile(ctx)
  if (out.form !== 'json') return out.line(appFileText({ apps, resources, hosts }).trimEnd())
  out.json({ app: apps, resource: resources, host: hosts.map(({ fields, rules }) => ({ ...fields, rule: rules })) })
}
