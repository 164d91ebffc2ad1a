ALTER TABLE casus_person ADD COLUMN told TEXT[] DEFAULT '{}' NOT NULL;
GRANT UPDATE (told) ON casus_person TO sluitend_app;
