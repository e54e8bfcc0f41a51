-- name: write_audit
-- Rows are only ever added; rules of the table make changes and deletions do nothing.
insert into audit (operator, action, purpose, what) values ($1, $2, $3, $4)
