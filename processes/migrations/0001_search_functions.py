"""Extensions, text search configurations and the functions that fill search columns.

One configuration per language, each folding accents before stemming. Kazakh has no dictionary
in PostgreSQL: its words are folded only, and similarity (trigrams) does the rest.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION kenes_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION kenes_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION kenes_fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION kenes_fr
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION kenes_ru (COPY = russian);
CREATE TEXT SEARCH CONFIGURATION kenes_kk (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION kenes_kk
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""

DROP_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION kenes_en, kenes_fr, kenes_ru, kenes_kk;
"""

FUNCTIONS = """
CREATE FUNCTION kenes_vector(language text, title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE language
        WHEN 'en' THEN setweight(to_tsvector('public.kenes_en', title), 'A')
                       || to_tsvector('public.kenes_en', body)
        WHEN 'fr' THEN setweight(to_tsvector('public.kenes_fr', title), 'A')
                       || to_tsvector('public.kenes_fr', body)
        WHEN 'ru' THEN setweight(to_tsvector('public.kenes_ru', title), 'A')
                       || to_tsvector('public.kenes_ru', body)
        ELSE setweight(to_tsvector('public.kenes_kk', title), 'A')
             || to_tsvector('public.kenes_kk', body)
    END
$$;
CREATE FUNCTION kenes_sample(title text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(title || ' ' || body, 400)
$$;
CREATE FUNCTION kenes_process_vector(title jsonb, summary jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.kenes_vector('en', coalesce(title->>'en', ''), coalesce(summary->>'en', ''))
        || public.kenes_vector('fr', coalesce(title->>'fr', ''), coalesce(summary->>'fr', ''))
        || public.kenes_vector('ru', coalesce(title->>'ru', ''), coalesce(summary->>'ru', ''))
        || public.kenes_vector('kk', coalesce(title->>'kk', ''), coalesce(summary->>'kk', ''))
$$;
CREATE FUNCTION kenes_process_sample(title jsonb, summary jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(concat_ws(' ', title->>'en', title->>'fr', title->>'ru', title->>'kk',
        summary->>'en', summary->>'fr', summary->>'ru', summary->>'kk'), 1000)
$$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION kenes_process_sample(jsonb, jsonb), kenes_process_vector(jsonb, jsonb),
    kenes_sample(text, text), kenes_vector(text, text, text);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, DROP_CONFIGURATIONS),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
    ]
