// Browsers that are told while nobody looks: one row a device, gone with it.
export const push = `
CREATE TABLE push_devices (
  device_id TEXT PRIMARY KEY,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  server_key TEXT NOT NULL,
  kinds TEXT NOT NULL,
  text INTEGER NOT NULL,
  language TEXT NOT NULL
) STRICT;
`;
