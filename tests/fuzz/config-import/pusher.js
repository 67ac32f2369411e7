// where it goes
const pusher = new Pusher('key', {
  cluster: 'eu', wsHost: "ws.example", wsPort: 6001, wssPort: 0x1bb, forceTLS: false,
  activityTimeout: 30_000, enabledTransports: ['ws', 'wss'], ...rest,
  channelAuthorization: { endpoint: 'https://a.example/', params: { a: 1 }, headers: { 'X-A': `b` } },
  userAuthentication: { endpoint: process.env.USER_AUTH, customHandler: (p, cb) => { cb(null, {}); } },
});
