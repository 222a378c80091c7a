// Words of taking back what a turn did to files.

export const undo = {
  start: 'Undo file changes',
  sure: 'Yes, give the files back what they held',
  result: { restored: 'restored', removed: 'moved to the trash', same: 'is as it was', left: 'left alone' },
  why: {
    'changed-since': 'it was changed since',
    'changed-during': 'somebody changed it while this went on; it holds that again',
    'not-kept': 'what it held was too large to keep',
    gone: 'what it held is not kept any more',
    refused: 'it is not a plain file of the workspace any more',
  },
  title: 'Files after the undo',
  commands: 'Commands ran here. What commands did to files is not undone.',
  force: 'Restore what was changed since, too',
  forceSure: 'Yes, over the newer changes',
  back: 'Take this back',
};
