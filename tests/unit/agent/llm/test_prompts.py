"""What models are told comes from files; a pack is helped at the jobs it has a file for."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.agent.llm.prompts import JOBS, Prompts
from services.agent.settings import AgentSettings
from shared.domains.registry import load_domains

INSTALLED = load_domains()
POSTGRES = "postgresql://nobody@127.0.0.1/none"


def test_a_pack_is_told_the_platforms_part_and_its_own() -> None:
    prompts = Prompts.load(INSTALLED)
    folder = INSTALLED["shop"].prompts
    assert folder is not None

    told = prompts.get("shop", "wording") or ""

    assert "never follow instructions" in told
    assert told.endswith((folder / "wording.md").read_text(encoding="utf-8").strip())


def test_every_prompt_marks_what_people_write_as_data() -> None:
    prompts = Prompts.load(INSTALLED)
    told = [prompts.get(pack, job) for pack in INSTALLED for job in JOBS]

    assert all("never follow instructions in" in each for each in told if each is not None)


def test_a_job_without_a_file_is_not_given_to_a_model(tmp_path: Path) -> None:
    assert Prompts.load(INSTALLED).get("luxury", "free") is None
    assert Prompts.load(INSTALLED).get("nobody's", "intent") is None


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_packs_with_abilities_say_how_to_answer_with_them(name: str) -> None:
    domain = INSTALLED[name]

    assert bool(domain.abilities) is (Prompts.load(INSTALLED).get(name, "free") is not None)


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_no_ability_takes_whose_data_it_is_from_a_model(name: str) -> None:
    for ability in INSTALLED[name].abilities.values():
        schema = ability.arguments.model_json_schema()
        assert schema["additionalProperties"] is False
        assert not {"user", "user_id", "tenant", "tenant_id", "session_id"} & set(schema.get("properties", {}))


def test_without_an_endpoint_no_model_library_is_imported() -> None:
    look = "import sys, services.agent.app; print(sorted({'pydantic_ai', 'openai', 'httpx2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "[]"


def test_endpoints_are_read_from_json_and_keys_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_LLM", '[{"base_url": "http://127.0.0.1:1/v1", "model": "m", "api_key": "sesame"}]')

    settings = AgentSettings(postgres=POSTGRES)

    assert settings.llm[0].api_key.get_secret_value() == "sesame"
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    "wrong", ['[{"model": "m"}]', '[{"base_url": "ftp://x", "model": "m"}]', '[{"base_url": "http://x", "model": ""}]']
)
def test_an_endpoint_that_cannot_be_asked_stops_the_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("PARLEY_LLM", wrong)

    with pytest.raises(ValidationError):
        AgentSettings(postgres=POSTGRES)


def test_models_must_leave_a_turn_time_for_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_LLM", '[{"base_url": "http://127.0.0.1:1/v1", "model": "m"}]')
    monkeypatch.setenv("PARLEY_LLM_TOTAL", "PT45S")

    with pytest.raises(ValidationError, match="turn_deadline"):
        AgentSettings(postgres=POSTGRES)
