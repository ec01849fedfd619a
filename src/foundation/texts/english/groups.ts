// Groups of users: their list, one group, its members and managers, and the groups of one's own.
import { GROUP_NAME_MAXIMUM, MOST_ADDED } from '#foundation/kernel/stated-limits.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'

export const groups = {
  title: 'Groups',
  lead: 'Groups collect users for policies and other apps. A group gives no permissions.',
  new: 'New group',
  search: 'Name',
  searchHint: 'Search groups',
  found: (query: string) => `Groups with “${query}” in their name:`,
  noMatches: (query: string) => `No groups match “${query}”`,
  clearSearch: 'Clear search',
  table: 'Groups, with the number of members',
  none: {
    title: 'No groups yet',
    text: 'Groups let a policy or an app apply to some people. A group gives no permissions.',
  },
  columns: { name: 'Name', description: 'Description', members: 'Members' },
  done: { deleted: 'Group deleted.' },
  /** In the list of users: the group that it is limited to. */
  listed: (name: string) => `Members of ${name}.`,
  listedUnknown: (name: string) => `There’s no group “${name}”.`,
  listAll: 'Show users of all groups',
  form: {
    name: 'Name',
    nameHint: `Must be unique. Not case-sensitive. Up to ${GROUP_NAME_MAXIMUM} characters, no semicolons.`,
    description: 'Description (optional)',
    descriptionHint: 'What the group is for, on one line.',
    create: 'Create group',
    editTitle: (name: string) => `Edit ${name}`,
  },
  one: {
    details: 'Details',
    created: 'Created',
    policies: 'Policies',
    noPolicies: 'No policy uses this group.',
    policiesHint: `A policy uses this group. Until it ends, the group can’t be deleted, and removing members takes the permission ${quoted(permissionNames['policy:write'])}.`,
    edit: 'Edit',
    done: {
      created: 'Group created.',
      saved: 'Saved.',
      removed: 'Removed from the group.',
      dismissed: 'They no longer manage this group.',
    },
    /** The same with who it was. */
    changed: {
      added: (name: string, group: string) => `${name} added to ${group}.`,
      addedMany: (count: string, group: string) => `${count} members added to ${group}.`,
      appointed: (name: string) => `${name} now manages this group.`,
    },
    delete: 'Delete group',
    deleteLead: 'Its members stay users.',
  },
  members: {
    title: 'Members',
    heading: (count: string) => `Members (${count})`,
    table: 'Members of the group',
    none: 'No members yet.',
    noneFound: 'No members found.',
    search: 'Start of a username',
    searchHint: 'Search members',
    username: 'Username',
    fullName: 'Full name',
    actions: 'Actions',
    remove: 'Remove',
    removeWho: (username: string) => `Remove ${username}`,
    inList: 'Show in the list of users',
    addTitle: 'Add members',
    addLabel: 'Usernames or email addresses',
    addHint: `One per line, or separated by commas. Up to ${stated.count(MOST_ADDED)} at a time.`,
    addHintOfManager: 'One per line or separated by commas, spelled exactly. Email addresses must be verified.',
    add: 'Add members',
  },
  report: {
    title: (count: number, group: string) =>
      `${count === 1 ? '1 member' : `${count || 'No'} members`} added to ${group}`,
    skipped: (count: number) => (count === 1 ? '1 entry was skipped.' : `${count} entries were skipped.`),
    added: 'Added',
    unchanged: 'Already a member',
    refused: 'Skipped',
    waiting: 'Waiting',
  },
  managers: {
    title: 'Managers',
    lead: 'Managers add and remove members on their own account page. They get no other permissions.',
    none: 'No managers. Only admins can change the members.',
    label: 'Username or email',
    add: 'Add manager',
    remove: 'Remove',
    removeWho: (username: string) => `Remove ${username} as manager`,
  },
  deletion: {
    title: 'Delete group',
    question: (name: string) => `Delete ${name}?`,
    consequences: (members: number) => [
      membersLeave(members),
      'Its managers no longer manage it.',
      'Apps that read groups no longer see it.',
    ],
    /** The title where a policy names the group, and above the names of the policies. */
    impossible: (name: string) => `${name} can’t be deleted`,
    named: 'Policies use this group. End or change them first:',
    showPolicies: 'Show policies',
    submit: 'Delete group',
    cancel: 'Cancel',
  },
  ofUser: {
    title: 'Groups',
    none: 'Not in any group.',
    label: 'Group',
    add: 'Add to group',
    remove: 'Remove',
    removeFrom: (name: string) => `Remove from ${name}`,
    done: { 'group-added': 'Added to the group.', 'group-removed': 'Removed from the group.' },
  },
  own: {
    title: 'Groups',
    lead: 'Groups you’re in or manage.',
    none: {
      title: 'You’re not in any group',
      text: 'Admins put people into groups. You’ll see yours here.',
    },
    table: 'Your groups',
    columns: { name: 'Name', description: 'Description', role: 'You are' },
    member: 'Member',
    manager: 'Manager',
    manage: 'Manage',
    manageWho: (name: string) => `Manage members of ${name}`,
    managed: 'You manage this group: you can add and remove members.',
    named: `A policy uses this group, so leaving it could weaken sign-in. You can add members. Removing them takes the permission ${quoted(permissionNames['policy:write'])}.`,
  },
  bulk: { label: 'Group' },
  ofNewUser: { label: 'Groups (optional)' },
  /** The fields by which groups are chosen. */
  pick: {
    filter: 'Filter groups',
    one: 'Choose a group',
    several: 'Separate several names with semicolons.',
  },
}

function membersLeave(count: number): string {
  if (count === 0) return 'The group has no members.'
  return count === 1
    ? '1 member leaves the group and stays a user.'
    : `${count} members leave the group and stay users.`
}
