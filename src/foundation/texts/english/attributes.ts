// Attributes: the pages on which they are declared, and their fields in the profile of a user.
import { LABEL_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { quoted } from './quoted.ts'

const types = { text: 'Text', number: 'Number', date: 'Date', 'yes-no': 'Yes or no', choice: 'Choice from a list' }

export const attributes = {
  title: 'Attributes',
  lead: 'Add your own fields to profiles. Choose who can see and edit each one, and whether to ask for it at sign-up.',
  none: {
    title: 'No attributes yet',
    text: 'Attributes hold what profiles lack, such as a phone number or a department.',
  },
  table: 'Attributes, in the order in which pages show them',
  columns: { label: 'Label', type: 'Type', access: 'Who can see and edit it', atJoining: 'At sign-up' },
  actions: 'Actions',
  menuFor: (label: string) => `Actions for ${label}`,
  types,
  access: {
    admin: 'Only admins see and edit it',
    sees: 'The user sees it, admins edit it',
    changes: 'The user sees and edits it',
  },
  atJoining: { never: 'Not asked', optional: 'Asked, optional', required: 'Asked, required' },
  add: 'New attribute',
  change: 'Change',
  up: 'Move up',
  down: 'Move down',
  remove: 'Delete',
  changeTitle: (label: string) => `Change ${label}`,
  form: {
    lead: 'The attribute is added to the profile of every user, without a value.',
    label: 'Label',
    labelHint: `Shown with the field. Up to ${LABEL_MAXIMUM} characters.`,
    key: 'Key',
    keyHint:
      'Its name in the API and in lists, such as cost_center. Lowercase letters, digits and underscores. You can’t change it later.',
    keyReservedHint: (replacement: string) =>
      `This key is reserved for claims of apps. Enter another one, such as ${replacement}. Programs and lists then use the new key.`,
    type: 'Type',
    typeHint: 'You can change it as long as no user has a value.',
    choices: 'Choices',
    choicesHint: `One per line, 2 to 50. Only for the type ${quoted(types.choice)}.`,
    access: 'Who can see and edit it',
    reveals: (users: number) =>
      users === 1
        ? 'If you let users see it, they’ll also see what admins have entered so far. 1 user has a value.'
        : `If you let users see it, they’ll also see what admins have entered so far. ${users} users have a value.`,
    atJoining: 'At sign-up',
    atJoiningHint: 'When they accept an invitation or register. Only for attributes that users can edit.',
    create: 'Create attribute',
  },
  delete: {
    title: (label: string) => `Delete ${label}?`,
    values: (users: number) => {
      if (users === 0) return 'No user has a value, so nothing else is lost.'
      return users === 1
        ? '1 user has a value. It’s deleted, too. You can’t undo this.'
        : `${users} users have a value. Their values are deleted, too. You can’t undo this.`
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
    title: 'Additional details',
    ownLead: 'Other details this server asks for.',
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
