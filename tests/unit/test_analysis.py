from ingest.analysis import content_words, exact, grams, stems, tokens


def test_tokens_fold_case_accents_and_thousands():
    assert tokens("Financiële  1.258.000 KEURO") == ["financiele", "1258000", "keuro"]


def test_tokens_keep_decimals_and_percentages():
    assert tokens("5,3 miljoen of 83%") == ["5,3", "miljoen", "of", "83%"]


def test_typographic_apostrophes_are_one():
    assert tokens("gesco’s") == tokens("gesco's")


def test_words_of_one_family_share_a_stem():
    assert stems(["premies"]) == stems(["premie"])


def test_grams_find_the_part_of_a_compound():
    assert set(grams(["premie"])) & set(grams(["aanwervingspremie"]))
    assert grams(["1258"]) == ["1258"]


def test_question_words_do_not_count():
    assert content_words("Hoeveel bedraagt de premie?") == ["bedraagt", "premie"]
    assert content_words("wat is dat") == ["wat", "is", "dat"]


def test_exact_names_are_found_in_every_spelling():
    whole = exact("AB0-1CDE2FG-WT")
    assert exact("1cde2fg")[0] in whole
    assert exact("2FG-WT")[0] in whole
    assert exact("CDE2FG")[0] in whole


def test_dates_have_one_spelling():
    assert exact("28 oktober 2022") == exact("2022-10-28") == exact("28/10/2022") == ["date:2022-10-28"]


def test_a_decision_uri_gives_its_id():
    assert exact("http://themis.vlaanderen.be/id/nieuwsbericht/65818F9EE2E2C9E5814C22AC") == [
        "id:65818f9ee2e2c9e5814c22ac"
    ]
