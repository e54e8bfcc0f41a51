-- What ended in the hands of a process that died with it.

create index delivery_abandoned on delivery (day, event, notice, id)
    where handed and state || '' not in ('waiting', 'accepted');
comment on index delivery_abandoned is 'the sweeper asks in the same odd words (see delivery_waiting) and in this order: else a plan made while a day was empty reads all of it';
