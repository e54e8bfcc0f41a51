-- Who publishes which shard of the outbox, and what was counted of the topics.

create table outbox_shard (
    shard smallint primary key,
    holder uuid,
    leased_until timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into outbox_shard (shard) select generate_series(0, 15);
comment on table outbox_shard is 'a shard has one publisher at a time over all processes; the lease outlives one publication and is given back after it';

create index outbox_due on outbox (shard, publish_at);

create table intake_span (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    first_offset bigint not null,
    end_offset bigint,
    counted_to bigint not null,
    counted bigint not null default 0
);
create unique index intake_span_open on intake_span (topic, partition) where end_offset is null;
comment on table intake_span is 'the stretches of a partition that were read, one per `--from earliest`, with the independent count carried on before retention takes the records (A5, A6)';
