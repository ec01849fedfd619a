// Changes the apps and resources to what a file says, and prints such a file.
import { Refusal } from '#foundation/kernel/refusal.ts'
import { presentFilePlan } from '#use-cases/administration/app-files/app-file.schema.ts'
import {
  applyAppFile,
  type AppFileRequest,
  appsForFile,
  type FilePlan,
  hasChanges,
  planAppFile,
  resourcesForFile,
} from '#use-cases/administration/app-files/app-file.service.ts'
import { appFileText, appTable } from '#use-cases/administration/app-files/app-file.ts'
import type { PlannedApp } from '#use-cases/administration/app-files/app-plan.ts'
import type { FieldChange, FileValue } from '#use-cases/administration/app-files/file-table.ts'
import type { PlannedResource } from '#use-cases/administration/app-files/resource-plan.ts'
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
    .description('change apps and resources as a file says (asks for confirmation)')
    .argument('<file>', 'TOML, as "app export" prints it; docs/manage-apps.md explains it')
    .option('--dry-run', 'only show the changes')
    .option('--remove-others', 'also delete the apps and resources that the file does not have')
    .withExamples('app apply apps.toml --dry-run', 'app apply apps.toml --yes')
    .action(withContext(apply))
  app
    .command('export')
    .description('print apps and resources as a file for "app apply"')
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
  const wanted: AppFileRequest = { apps: file.apps, resources: file.resources, removesOthers: removeOthers }
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
        'Apps or resources were changed since this was shown. Nothing was changed; start again.',
      )
    throw file.failureOf(error) ?? error
  }
}

/** How many names a question has. */
const MOST_NAMED = 20

function questionFor({ removed, resources }: FilePlan): string {
  const theirs = removed.length === 1 ? 'its' : 'their'
  const deleted = [
    ...(removed.length > 0 ? [`${counted(removed.length, 'app')} with ${theirs} sign-ins: ${namesOf(removed)}`] : []),
    ...(resources.removed.length > 0
      ? [`${counted(resources.removed.length, 'resource')}: ${namesOf(resources.removed)}`]
      : []),
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

/** A line of a plan: what happens to an app or a resource, or how a field of it changes. The id of a resource is its URI. */
type Row = readonly [what: string, id: string, name: string, field?: string, before?: string, after?: string]

function printPlan(out: Output, plan: FilePlan): void {
  for (const row of rowsOf(plan))
    out.line(out.form === 'plain' ? row.map((cell = '') => printable(cell)).join('\t') : lineOf(row))
}

function lineOf([what, id, name, field, before = '', after = '']: Row): string {
  const [verb = '', kind = ''] = what.split('-')
  if (field === undefined) return `${verb.padEnd(6)}  ${kind && `${kind} `}${printable(name)} (${printable(id)})`
  const change = before === '' ? after : `${before} → ${after || 'nothing'}`
  return `${' '.repeat(8)}${field}: ${printable(change)}`
}

function rowsOf({ added, changed, removed, others, resources }: FilePlan): Row[] {
  return [
    ...added.flatMap((app) => rowsOfApp('add', app)),
    ...changed.flatMap((app) => rowsOfApp('change', app)),
    ...removed.map(({ id, name }): Row => ['delete', id, name]),
    ...others.map(({ id, name }): Row => ['other', id, name]),
    ...resources.added.flatMap((resource) => rowsOfResource('add-resource', resource)),
    ...resources.changed.flatMap((resource) => rowsOfResource('change-resource', resource)),
    ...resources.removed.map(({ uri, name }): Row => ['delete-resource', uri, name]),
    ...resources.others.map(({ uri, name }): Row => ['other-resource', uri, name]),
  ]
}

function rowsOfResource(what: string, { fields: { uri, name }, changes }: PlannedResource): Row[] {
  return [[what, uri, name], ...changes.map((change) => rowOfField([what, uri, name], change))]
}

function rowOfField(
  [what, id, name]: readonly [what: string, id: string, name: string],
  { field, before, after }: FieldChange,
): Row {
  return [what, id, name, field, valueText(before), valueText(after)]
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

function valueText(value: FileValue | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'object' ? (value ?? []).join(', ') : String(value)
}

function saySummary(out: Output, plan: FilePlan, isDone: boolean): void {
  const { unchanged, resources } = plan
  const ofResources = countsIn(resources)
  const summary = [countsIn(plan), ...(ofResources === '' ? [] : [`resources: ${ofResources}`])]
    .filter(Boolean)
    .join('; ')
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
  if (out.form === 'json') out.json({ app: apps, resource: resources })
  else out.line(appFileText(apps, resources).trimEnd())
}
