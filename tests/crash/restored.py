"""What two folders of one county are compared by."""
import hashlib, pathlib, sqlite3


def records(data):
    """A hash of each table's rows, and how many there are."""
    database = sqlite3.connect(f'file:{data}/huiyin.db?mode=ro', uri=True)
    tables, rows = {}, 0
    for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name").fetchall():
        hashes = sorted(hashlib.sha256(repr(row).encode()).digest() for row in database.execute(f'SELECT * FROM "{table}"'))
        rows += len(hashes)
        tables[table] = (len(hashes), hashlib.sha256(b''.join(hashes)).hexdigest())
    database.close()
    return tables, rows


def files(data):
    folder = pathlib.Path(data, 'files')
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in folder.rglob('*') if file.is_file() and not file.name.startswith('.')}
