// Attributes: the pages on which they are declared, and their fields in the profile of a user.

const types = { text: 'Text', number: 'Number', date: 'Date', 'yes-no': 'Yes or no', choice: 'One of several texts' }

export const attributes = {
  title: 'Attributes',
  lead: 'Further fields of the profile. For each you decide who sees and changes it, and whether people are asked when they join.',
  none: 'There are no attributes yet.',
  table: 'Attributes, in the order in which pages show them',
  columns: { label: 'Label', type: 'Type', access: 'Who sees and changes it', atJoining: 'At joining' },
  actions: 'Actions',
  menuFor: (label: string) => `Actions for ${label}`,
  types,
  access: {
    admin: 'Only admins see and change it',
    sees: 'Users see it, admins change it',
    changes: 'Users see and change it',
  },
  atJoining: { never: 'Not asked', optional: 'Asked, may stay empty', required: 'Must be answered' },
  add: 'New attribute',
  change: 'Change',
  up: 'Move up',
  down: 'Move down',
  remove: 'Delete',
  changeTitle: (label: string) => `Change ${label}`,
  form: {
    lead: 'The attribute appears in the profile of every user, empty at first.',
    label: 'Label',
    labelHint: 'What people read beside the field. Up to 60 characters.',
    key: 'Key',
    keyHint:
      'What the API and lists call it, such as cost_center: lower-case letters, digits and underscores. It stays as it is.',
    type: 'Type',
    typeHint: 'It can be another one until users have a value.',
    choices: 'Texts to choose from',
    choicesHint: 'One in each line, from 2 to 50. Only for the type “One of several texts”.',
    access: 'Who sees and changes it',
    atJoining: 'When people join',
    atJoiningHint: 'In the set-up of an invitation and at registration. Only where users change it themselves.',
    create: 'Create attribute',
  },
  delete: {
    title: (label: string) => `Delete ${label}?`,
    values: (users: number) => {
      if (users === 0) return 'No user has a value, so nothing else is lost.'
      return users === 1
        ? 'One user has a value. It is deleted too, and can’t be restored.'
        : `${users} users have a value. Their values are deleted too, and can’t be restored.`
    },
    submit: 'Delete attribute',
  },
  done: {
    created: 'Attribute created.',
    changed: 'Attribute changed.',
    moved: 'Order changed.',
    deleted: 'Attribute deleted.',
  },
  section: {
    title: 'Further details',
    ownLead: 'What this server asks of its users beyond name and address.',
    adminLead: 'The attributes of this server.',
    adminsChange: 'Admins change this.',
    adminsOnly: 'Only admins see this.',
    notGiven: 'Not given',
    optional: (label: string) => `${label} (optional)`,
    saved: 'Saved',
  },
  yes: 'Yes',
  no: 'No',
}
