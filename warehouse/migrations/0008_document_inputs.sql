-- Of what an assessment was made: `inputs` is a digest of all that it shows and of the code that writes it, `sha256`
-- that of the text which came of it. Where the newest row says the same again, nothing is written anew.
CREATE TABLE document_inputs (
    seq BIGINT NOT NULL,
    run_id VARCHAR NOT NULL,
    inputs VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL
);
