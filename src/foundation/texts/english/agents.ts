// Agents: programs that come without registration.
export const agents = {
  title: 'Agents',
  lead: 'Programs that come without registration, such as AI agents. Each is known by a document that its vendor publishes.',
  change: 'Change',
  allowed: 'Who may come',
  on: 'Agents are on: if its document is listed here, an agent may come. Each user decides what it may see.',
  off: 'Agents are off: none can come.',
  noDocuments: 'No documents are listed.',
  come: 'Who has come',
  none: 'No agent has come yet.',
  columns: { name: 'Name', host: 'Host', signIns: 'Sign-ins', lastUsed: 'Last used', act: 'What you can do' },
  notAllowed: 'Not allowed',
  end: 'End sign-ins',
  endOf: (name: string) => `End all sign-ins to ${name}`,
  changeTitle: 'Change who may come',
  changeLead: 'Agents that may not come anymore lose their sign-ins immediately.',
  question: 'May agents come?',
  choices: {
    off: { label: 'No', hint: 'Only apps that you have registered.' },
    on: { label: 'Yes, those listed', hint: 'This server fetches the listed documents over the internet.' },
  },
  documents: 'Documents',
  documentsHint:
    'URLs, one per line. You can list a host instead, like agent.example, but only where no one else can publish on it.',
  done: { saved: 'Saved.', ended: 'Sign-ins ended.' },
  /** On the page of apps. */
  onApps: { title: 'Agents', lead: 'Programs that come without registration.', open: 'Show agents' },
}
