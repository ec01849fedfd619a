// Agents on the command line: which are allowed, and the end of their sign-ins.
import { readAgentSetting } from '#domain/agents/agent.service.ts'
import { normalizedDocuments } from '#domain/agents/allowed-documents.ts'
import { presentAgents } from '#use-cases/administration/agents/agents.schema.ts'
import {
  type AgentChanges,
  changeAgents,
  endAgentSignIns,
  type ListedAgent,
  readAgents,
} from '#use-cases/administration/agents/agents.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { cellOr, type Column, counted, printTable } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'

const COLUMNS: readonly Column<ListedAgent>[] = [
  { head: 'name', of: ({ client }) => client.name },
  { head: 'status', of: ({ isAllowed }) => (isAllowed ? 'allowed' : 'not allowed') },
  { head: 'sign-ins', of: ({ use }) => String(use.living) },
  { head: 'last used', of: ({ use }) => cellOr(use.lastUsedAt, 'never') },
  { head: 'document', of: ({ client }) => client.id },
]
const ENTRY = 'URLs of documents, or hosts where no one else can publish'

export function addAgents(app: CliCommand): void {
  const agents = app.command('agents').description('manage AI agents, which no one registers')
  agents
    .command('list')
    .description('list the agents that were used, and the documents that are allowed')
    .withExamples('app agents list')
    .action(withContext(list))
  agents
    .command('on')
    .description('allow the agents of the listed documents')
    .withExamples('app agents on')
    .action(withContext((working) => change(working, { enabled: true })))
  agents
    .command('off')
    .description('allow no agent, and end their sign-ins')
    .withExamples('app agents off')
    .action(withContext((working) => change(working, { enabled: false })))
  agents
    .command('allow')
    .description('list documents')
    .argument('<document...>', ENTRY)
    .withExamples('app agents allow https://agent.example/client.json')
    .action(withContext(allow))
  agents
    .command('remove')
    .description('list documents no longer, and end the sign-ins of their agents')
    .argument('<document...>', ENTRY)
    .withExamples('app agents remove https://agent.example/client.json')
    .action(withContext(remove))
  agents
    .command('end')
    .description('end all sign-ins to an agent (asks for confirmation)')
    .argument('<document>', 'URL of its document')
    .withExamples('app agents end https://agent.example/client.json --yes')
    .action(withContext(end))
}

async function list({ ctx, out }: Working): Promise<void> {
  const found = await readAgents(ctx)
  if (out.form === 'json') return out.json(presentAgents(found))
  const { enabled, allowedDocuments } = found.setting
  printTable(out, COLUMNS, found.agents)
  out.say(`Agents are ${enabled ? 'on' : 'off'}; ${counted(allowedDocuments.length, 'document')} listed`)
  if (out.form !== 'plain') for (const entry of allowedDocuments) out.line(printable(entry))
}

async function change({ ctx, out }: Working, changes: AgentChanges): Promise<void> {
  const { enabled, allowedDocuments } = await changeAgents(ctx, changes)
  const sentence = `Agents are ${enabled ? 'on' : 'off'}; ${counted(allowedDocuments.length, 'document')} listed`
  out.result(presentAgents(await readAgents(ctx)), sentence)
}

async function allow(working: Working, entries: readonly string[]): Promise<void> {
  const { allowedDocuments } = await readAgentSetting(working.ctx)
  await change(working, { allowedDocuments: [...allowedDocuments, ...entries] })
}

async function remove(working: Working, entries: readonly string[]): Promise<void> {
  const { allowedDocuments } = await readAgentSetting(working.ctx)
  const removed = normalizedDocuments(entries)
  const unknown = removed.find((entry) => !allowedDocuments.includes(entry))
  if (unknown !== undefined) throw CliFailure.refusal('app.not_found', `"${printable(unknown)}" is not listed.`)
  await change(working, { allowedDocuments: allowedDocuments.filter((entry) => !removed.includes(entry)) })
}

async function end(working: Working, id: string): Promise<void> {
  const { ctx, out } = working
  await confirmOr(working, `End all sign-ins to ${printable(id)}?`)
  const ended = await endAgentSignIns(ctx, id)
  out.result({ ended }, `Ended ${counted(ended, 'sign-in')} to ${printable(id)}`)
}
