"""Steps that are kept for their clocks: they come back as they were."""

from tipline.domain.words import Text
from tipline.policy import archive, loader

STEP = loader.load(loader.DEFAULT).deadlines.step("decision")


def test_a_step_comes_back_as_it_was_kept() -> None:
    mark, content = archive.write(STEP)
    assert archive.read(content) == STEP
    assert archive.write(archive.read(content)) == (mark, content)


def test_a_step_kept_with_one_text_as_its_basis_is_read_with_it_in_both_languages() -> None:
    _, content = archive.write(STEP)
    found = archive.read(content | {"basis": "State Council Order 310 art 5"})
    assert found.basis == Text(
        zh="State Council Order 310 art 5", en="State Council Order 310 art 5"
    )
