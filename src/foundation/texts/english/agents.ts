// Agents: programs that come without registration.
export const agents = {
  title: 'Agents',
  lead: 'AI agents and other programs that no one registers. Each is known by a document that its vendor publishes.',
  change: 'Change',
  allowed: 'Agents that are allowed',
  states: { on: 'On', off: 'Off' },
  on: 'An agent can sign people in if its document is listed here. Each user decides what it gets.',
  off: 'No agent can sign people in.',
  noDocuments: 'No documents are listed.',
  come: 'Agents that were used',
  none: 'No one has used an agent yet.',
  columns: { name: 'Name', host: 'Host', signIns: 'Sign-ins', lastUsed: 'Last used', act: 'What you can do' },
  notAllowed: 'Not allowed',
  end: 'End sign-ins',
  endOf: (name: string) => `End all sign-ins to ${name}`,
  changeTitle: 'Change which agents are allowed',
  changeLead: 'The sign-ins of an agent end as soon as it’s no longer allowed.',
  question: 'Can agents sign people in?',
  choices: {
    off: { label: 'No', hint: 'Only apps that you have registered.' },
    on: { label: 'Yes, those listed', hint: 'This server fetches the listed documents over the internet.' },
  },
  documents: 'Documents',
  /** Under the two-person rule. */
  rule: (until: string) =>
    `What lets more agents in takes effect when another admin approves, at the latest on ${until}. Turning agents off and removing documents take effect immediately.`,
  documentsHint:
    'URLs, one per line. You can list a host instead, like agent.example, but only where no one else can publish on it.',
  done: { saved: 'Saved.', ended: 'Sign-ins ended.' },
}
