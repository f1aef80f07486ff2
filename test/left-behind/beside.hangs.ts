// A second file, so that jest runs both in workers, as it does the suite's.
test('another test never ends either', () => new Promise(() => {}), 600_000);
