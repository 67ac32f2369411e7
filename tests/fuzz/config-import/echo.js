window.Echo = new Echo({ broadcaster: 'reverb', key: import.meta.env.VITE_REVERB_APP_KEY,
  wsPort: import.meta.env.VITE_REVERB_PORT ?? 80, auth: { headers: { Accept: '*/*' } }, bearerToken: 'b' });
