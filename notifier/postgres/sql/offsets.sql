-- name: read_position
-- Where one partition is read from.
select next_offset from intake_position where topic = $1 and partition = $2
