# Tessera's build: one command each. `make help` lists them.
#
#   kernel/main.ts --compiler--> BUILD/tessera*.c --gcc--> *.o --+
#   arch, boot: *.asm --nasm--> BUILD/asm/*.o -------------------+--ld, linker/kernel.ld--> BUILD/tessera.elf
#                                                                |
#   first link --scripts/symbols.ts--> symbol table -------------+
#
# The two programs that every build runs, the compiler and scripts/symbols.ts, are bundled first: BUILD/tools.
#
# The test kernel (test/metal/main.ts) goes the same way to BUILD/tessera-test.elf.
#
#   user/NAME.ts --esbuild--> BUILD/user/NAME.js --Porffor--> .c --musl-gcc--> BUILD/root/bin/NAME --+
#   user/files -----------------------------------------------------------------> BUILD/root -------+--cpio--> root.cpio

BUILD ?= build
MACHINE ?= q35
MEMORY ?= 256M
KVM ?=
CPU ?=
CMDLINE ?=
LIMINE ?=
MODULES ?=
CHECKS ?= full
GDB_PORT ?= 1234

# A cross toolchain's prefix, for hosts whose gcc does not make x86_64 ELF files. Those cannot build programs either, so
# `make run` has none there; nor has it with `ROOT=`.
ifeq ($(shell uname -sm),Linux x86_64)
CROSS ?=
ROOT ?= $(BUILD)/root.cpio
else
CROSS ?= x86_64-elf-
ROOT ?=
endif
CC := $(CROSS)gcc
LD := $(CROSS)ld
OBJDUMP := $(CROSS)objdump
MUSL_CC ?= musl-gcc
MUSL_CFLAGS := -O2 -Wall -Werror -static -s
MUSL_LIB ?= /usr/lib/x86_64-linux-musl
NASM ?= nasm
GDB ?= gdb
NODE ?= node
TSX := $(NODE) --import tsx
MUSL_CC := musl-gcc
PORFFOR := node_modules/porffor/porf
TOOLS := $(BUILD)/tools
TOOL := $(NODE) --max-semi-space-size=64 --interrupt-budget=600000

# As many recipes at a time as there are processors.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(JOBS)
endif

export BUILD MACHINE MEMORY KVM CPU CMDLINE LIMINE MODULES GDB_PORT GDB CROSS

# Functions stay whole: parts that gcc makes of one are not in its graph of calls, which make report needs.
# The DWARF data tell where each function and line is, which costs little; gdb's own kernel has variables and types too.
CFLAGS := -std=gnu11 -pipe -O1 -g1 -ffreestanding -fno-pic -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
	-fno-stack-protector -fcf-protection=none -fwrapv -fno-strict-aliasing -fno-delete-null-pointer-checks \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-asynchronous-unwind-tables -fno-partial-inlining \
	-ffile-prefix-map=$(CURDIR)/= -ffile-prefix-map=$(BUILD)/=build/ -Wall -Wno-unused -I compiler/lang

# What runs all the time is optimised further. Inlining decides there what a page fault or a system call costs: gcc may
# inline somewhat larger functions than by default, as here functions fit a screen, and goes on where it would stop
# because the file has grown by 40 %. The rest is what of -O2 shows in the counts and ratios of make bench; scheduling,
# vectorising and what looks at all functions at once do not, and -O2 takes a third longer.
HOT_CFLAGS := -finline-functions -finline-small-functions -findirect-inlining \
	--param=max-inline-insns-auto=70 --param=inline-unit-growth=100 \
	-fexpensive-optimizations -fgcse -ftree-vrp -ftree-pre -ftree-tail-merge -fstore-merging -fthread-jumps \
	-fcode-hoisting -fcse-follow-jumps -frerun-cse-after-loop -fcrossjumping -fcaller-saves -fpeephole2 \
	-ftree-switch-conversion -fhoist-adjacent-loads -freorder-functions -freorder-blocks-algorithm=stc

# The rest has the deepest chains of calls: reports and panics. What it saves of the stack are 2 KiB.
OPTIMISATION = -fconserve-stack

LDFLAGS := -nostdlib -static -z max-page-size=0x1000 -z noexecstack --build-id=none -T linker/kernel.ld

KERNEL_SOURCES := $(shell find arch boot kernel -name '*.ts' 2>/dev/null)
METAL_SOURCES := $(shell find test/metal -name '*.ts' 2>/dev/null)
COMPILER_SOURCES := $(shell find compiler/src -name '*.ts' 2>/dev/null) compiler/lang/kernel.d.ts tsconfig.json
ASM_SOURCES := $(shell find arch boot kernel -name '*.asm' 2>/dev/null)
ASM_OBJECTS := $(ASM_SOURCES:%.asm=$(BUILD)/asm/%.o)
TEST_ASM_OBJECTS := $(patsubst %.asm,$(BUILD)/asm/%.o,$(shell find test/metal -name '*.asm' 2>/dev/null))
SYMBOL_SCRIPTS := $(wildcard scripts/symbols/*.ts)
IMAGE_SOURCES := $(shell find scripts/image iso -type f 2>/dev/null)

comma := ,
space := $(subst ,, )

say = @printf '  %-8s %s\n' $(1) $(2)

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all kernels programs bounds-kernel run run-window watch test check types lint format tidy iso image limine \
	gdb bench bench-accept differential fuzz mutants coverage new clean help setup setup-build hot-cflags FORCE

all: $(BUILD)/tessera.elf $(BUILD)/tessera.asm $(BUILD)/tessera.sym ## build/tessera.elf, with .c .asm .sym beside it

kernels: all $(BUILD)/tessera-test.elf $(BUILD)/test-root.cpio $(ROOT)

# Both kernels as they would be without checks of results: what these cost.
bounds-kernel: setup-build
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/bounds CHECKS=bounds \
		$(BUILD)/bounds/tessera-test.elf $(BUILD)/bounds/tessera.elf

# ----------------------------------------------------------------------------------------------------------------------
# Tools. Both are quick when nothing is missing.

SETUP := scripts/setup
setup:
	@$(SETUP)

# With -j, not both at once.
FULL_GOALS := run run-window watch gdb gdb-kernel test iso image mutants bench bench-accept setup
setup-build: | $(if $(filter $(FULL_GOALS),$(MAKECMDGOALS)),setup)
	@$(SETUP) build

# ----------------------------------------------------------------------------------------------------------------------
# Bundles: one file for a program with all that it imports, so that Node has nothing to resolve or translate. A module
# that asks for its place is told that of the program's first file. TOOL.cjs, scripts/start.ts, starts TOOL.bundle.cjs.

ESBUILD = node_modules/.bin/esbuild --bundle --platform=node --format=cjs --target=node20 --log-level=warning \
	--alias:typescript=./scripts/typescript.mjs
bundle = $(ESBUILD) $< --outfile=$@ --define:import.meta.url=firstFile \
	--banner:js='const firstFile = require("node:url").pathToFileURL("$<").href;'

$(TOOLS)/compiler.cjs $(TOOLS)/symbols.cjs: $(TOOLS)/%.cjs: scripts/start.ts $(TOOLS)/%.bundle.cjs
	@$(bundle)

$(TOOLS)/compiler.bundle.cjs: compiler/src/main.ts $(COMPILER_SOURCES) package-lock.json Makefile | setup-build
	@$(bundle)

$(TOOLS)/symbols.bundle.cjs: scripts/symbols.ts $(SYMBOL_SCRIPTS) package-lock.json Makefile | setup-build
	@$(bundle)

# ----------------------------------------------------------------------------------------------------------------------
# TypeScript to C. The JSON of function names is written beside it, for the symbol table.

COMPILER := $(TOOLS)/compiler.cjs

# The C files beside the main one, each with its modules: gcc makes them at the same time. Together are those that call
# each other all the time, so that gcc sees what it may inline: what page faults and system calls come through, and the
# benches that measure it. What runs once, or for somebody to look at, is not in these.
HOT_UNITS := memory process
COLD_UNITS := devices
UNITS := $(HOT_UNITS) $(COLD_UNITS)
SELDOM := $(addprefix arch/x86_64/,debugExit exceptions image interrupts keyboardController pic pit probe reset \
	segments serial stacks timestamp vectors) \
	$(addprefix kernel/mm/,eviction hugeLeaves init ledger memoryMap memoryReport protectionProof swap walk) \
	$(addprefix kernel/process/,arguments elf init machineCalls ownCalls pathCalls program programName terminalCalls)
FOR_PROCESSES := kernel/mm/heap.ts kernel/mm/slabs.ts kernel/mm/userMemory.ts
UNIT_memory := $(filter-out $(SELDOM:%=%.ts) $(FOR_PROCESSES),$(wildcard arch/x86_64/*.ts kernel/mm/*.ts)) \
	kernel/trap.ts kernel/process/memoryCalls.ts $(wildcard test/metal/*Bench.ts)
UNIT_process := $(filter-out $(SELDOM:%=%.ts),$(wildcard kernel/process/*.ts)) $(FOR_PROCESSES) \
	kernel/files/descriptors.ts kernel/files/openFile.ts kernel/files/pipe.ts \
	kernel/clock.ts kernel/random.ts kernel/chacha.ts
UNIT_devices := kernel/files kernel/terminal kernel/console

unit = $(1)=$(subst $(space),$(comma),$(strip $(UNIT_$(1))))
unit_options = $(foreach name,$(HOT_UNITS),--unit $(call unit,$(name))) \
	$(foreach name,$(COLD_UNITS),--cold-unit $(call unit,$(name)))

# compile,NAME,ENTRY
compile = $(TOOL) $(TOOLS)/compiler.cjs --target metal --checks $(CHECKS) $(unit_options) \
	--out $(1).c --names $(1).names.json $(2)

# Other checks make another kernel. The rule runs only then, so that `make -n` tells what would be made.
$(BUILD)/checks: $(if $(filter-out $(CHECKS),$(shell cat $(BUILD)/checks 2>/dev/null)),FORCE)
	@mkdir -p $(@D)
	@echo $(CHECKS) > $@

# The names are always written, the C files only when they change. The + has make look at them, even under -n.
$(BUILD)/tessera.names.json: kernel/main.ts $(KERNEL_SOURCES) $(COMPILER) $(BUILD)/checks | setup-build
	$(call say,COMPILE,$<)
	@mkdir -p $(@D)
	@$(call compile,$(@:.names.json=),$<)

$(BUILD)/tessera-test.names.json: test/metal/main.ts $(METAL_SOURCES) $(KERNEL_SOURCES) $(COMPILER) $(BUILD)/checks \
	| setup-build
	$(call say,COMPILE,$<)
	@mkdir -p $(@D)
	@$(call compile,$(@:.names.json=),$<)

define c_files
$(BUILD)/$(1).c $(UNITS:%=$(BUILD)/$(1).%.c): $(BUILD)/$(1).names.json
	+@:
endef
$(foreach kernel,tessera tessera-test,$(eval $(call c_files,$(kernel))))

# ----------------------------------------------------------------------------------------------------------------------
# C and assembly to objects.

$(BUILD)/%.o: $(BUILD)/%.c compiler/lang/runtime.h Makefile
	$(call say,CC,$<)
	@$(CC) $(CFLAGS) $(OPTIMISATION) -c -o $@ $<

$(foreach unit,$(HOT_UNITS),$(BUILD)/tessera.$(unit).o $(BUILD)/tessera-test.$(unit).o \
	$(BUILD)/report/tessera.$(unit).ci): OPTIMISATION = $(HOT_CFLAGS)

$(BUILD)/asm/%.o: %.asm Makefile | setup-build
	$(call say,NASM,$<)
	@mkdir -p $(@D)
	@$(NASM) -f elf64 -g -F dwarf -Werror -I $(dir $<) -MD $(@:.o=.d) -MT $@ -o $@ $<

-include $(ASM_OBJECTS:.o=.d) $(TEST_ASM_OBJECTS:.o=.d)

# ----------------------------------------------------------------------------------------------------------------------
# Programs for tests of ring 3, and the root that holds them.

TEST_PROGRAMS := $(patsubst test/user/%.asm,$(BUILD)/test-root/%,$(wildcard test/user/*.asm)) \
	$(patsubst test/user/%.c,$(BUILD)/test-root/%,$(wildcard test/user/*.c)) $(BUILD)/test-root/layout-pie

$(BUILD)/test-root/%: test/user/%.asm test/user/program.inc | setup-build
	@mkdir -p $(@D)
	@$(NASM) -f elf64 -Werror -I test/user/ -o $(BUILD)/asm/$*.program.o $<
	@$(LD) -static -z noexecstack --build-id=none -o $@ $(BUILD)/asm/$*.program.o

# Programs in C are what Linux has too: static ones, with musl for a library.
$(BUILD)/test-root/%: test/user/%.c test/user/check.h | setup-build
	@mkdir -p $(@D)
	@$(MUSL_CC) $(MUSL_CFLAGS) -o $@ $<

# The same as a program that may lie anywhere.
$(BUILD)/test-root/%-pie: test/user/%.c | setup-build
	@mkdir -p $(@D)
	@$(MUSL_CC) $(MUSL_CFLAGS) -fPIE -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text -o $@ \
		$(MUSL_LIB)/rcrt1.o $(MUSL_LIB)/crti.o $< $(MUSL_LIB)/crtn.o

$(BUILD)/test-root/text:
	@mkdir -p $(@D)
	@printf 'This is no program.\n' > $@

# Folders and links: a folder with an entry of its own in the archive and one without, a link to a file, one to a
# folder, and one to itself.
TEST_LINKS := folder/inner folder/inner/deep folder/inner/up folder/link folder/loop

$(BUILD)/test-root/folder/inner/deep:
	@mkdir -p $(@D)
	@printf 'deep\n' > $@
	@ln -sfn .. $(@D)/up
	@ln -sfn ../text $(@D)/../link
	@ln -sfn loop $(@D)/../loop

# The list is sorted and times and owners are left out, so that the same files make the same bytes.
$(BUILD)/test-root.cpio: $(TEST_PROGRAMS) $(BUILD)/test-root/text $(BUILD)/test-root/folder/inner/deep
	$(call say,ROOT,$@)
	@cd $(BUILD)/test-root && printf '%s\n' $(sort $(notdir $(TEST_PROGRAMS)) text $(TEST_LINKS)) | \
		cpio --quiet -o -H newc --reproducible -R 0:0 > ../$(@F)

# ----------------------------------------------------------------------------------------------------------------------
# Programs in TypeScript, and the root that holds them: each user/NAME.ts becomes /bin/NAME; user/files is the rest.
# gcc sees some thousand lines of Porffor's library with each: -Og takes half as long as -O1, and programs are no slower
# than on Node.

PROGRAMS := $(patsubst user/%.ts,$(BUILD)/root/bin/%,$(wildcard user/*.ts))
ROOT_FILES := $(patsubst user/files/%,$(BUILD)/root/%,$(shell find user/files -type f 2>/dev/null))
USER_CFLAGS := -Og -w -static -s -ffunction-sections -fdata-sections -Wl,--gc-sections

programs: $(BUILD)/root.cpio ## build/root.cpio: the programs of user/, for ring 3

PROGRAM_SOURCES := $(shell find user -name '*.ts' 2>/dev/null) user/tsconfig.json
CHECK_SCRIPTS := scripts/checkPrograms.ts scripts/programs/check.ts scripts/programs/rules.ts
BUNDLE_SCRIPTS := scripts/programs.ts scripts/programs/renameForC.ts

# Types, and what Porffor gets wrong.
$(BUILD)/user/checked: $(PROGRAM_SOURCES) $(CHECK_SCRIPTS) package-lock.json | setup-build
	$(call say,CHECK,user)
	@mkdir -p $(@D)
	@$(TSX) scripts/checkPrograms.ts $(wildcard user/*.ts)
	@touch $@

$(BUILD)/user/%.js: user/%.ts $(BUNDLE_SCRIPTS) package-lock.json | $(BUILD)/user/checked
	@$(TSX) scripts/programs.ts --out $(@D) $<

$(BUILD)/user/%.c: $(BUILD)/user/%.js $(PORFFOR)
	$(call say,PORFFOR,user/$*.ts)
	@$(PORFFOR) c $< -o $@ > $(@:.c=.log) 2>&1 || { cat $(@:.c=.log); exit 1; }

$(BUILD)/root/bin/%: $(BUILD)/user/%.c Makefile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	@$(MUSL_CC) $(USER_CFLAGS) -o $@ $< -lm

$(PORFFOR): | setup-build
	@test -x $@ || { echo "make: Porffor runs on x86_64 Linux only: without programs, make run ROOT="; exit 1; }

-include $(PROGRAMS:$(BUILD)/root/bin/%=$(BUILD)/user/%.d)

$(ROOT_FILES): $(BUILD)/root/%: user/files/%
	@mkdir -p $(@D)
	@cp $< $@

$(BUILD)/root.cpio: $(PROGRAMS) $(ROOT_FILES)
	$(call say,ROOT,$@)
	@cd $(BUILD)/root && printf '%s\n' $(sort $(dir $(^:$(BUILD)/root/%=%)) $(^:$(BUILD)/root/%=%)) | sed 's|/$$||' | \
		cpio --quiet -o -H newc --reproducible -R 0:0 > ../$(@F)

# ----------------------------------------------------------------------------------------------------------------------
# Objects to the ELF, in two passes: the first tells where every function lies, the second carries that as a table. The
# table lies behind all code, as the linker script asserts, so it moves none. test/boot/trapsSymbols.test.ts compares.

$(BUILD)/tessera-test.first.elf $(BUILD)/tessera-test.elf: $(TEST_ASM_OBJECTS)

UNIT_OBJECTS := $(foreach unit,$(UNITS),$(BUILD)/%.$(unit).o)

$(BUILD)/%.first.elf: $(BUILD)/%.o $(UNIT_OBJECTS) $(ASM_OBJECTS) linker/kernel.ld
	@$(LD) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/%.symbols: $(BUILD)/%.first.elf $(TOOLS)/symbols.cjs
	$(call say,SYMBOLS,$(BUILD)/$*.sym)
	@$(TOOL) $(TOOLS)/symbols.cjs --elf $< --names $(BUILD)/$*.names.json --out $@ --text $(BUILD)/$*.sym

$(BUILD)/%.symbols.o: $(BUILD)/%.symbols
	@printf 'section .symbols progbits alloc noexec nowrite align=16\nincbin "%s"\n' $(<F) > $<.asm
	@cd $(@D) && $(NASM) -f elf64 -o $(@F) $(<F).asm

$(BUILD)/%.sym: $(BUILD)/%.symbols ;

$(BUILD)/%.elf: $(BUILD)/%.o $(UNIT_OBJECTS) $(ASM_OBJECTS) $(BUILD)/%.symbols.o linker/kernel.ld
	$(call say,LD,$@)
	@$(LD) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/%.asm: $(BUILD)/%.elf
	@$(OBJDUMP) -d -M intel --no-show-raw-insn $< > $@

# ----------------------------------------------------------------------------------------------------------------------
# Images. What goes into them beside the kernel is kept in a file, so that a change of it makes them anew.

image_settings = printf '%s\n' "$$CMDLINE" "$$LIMINE" "$$MODULES" "$(ROOT)" \
	"$$(ls -d $(BUILD)/limine/limine 2>/dev/null)"

$(BUILD)/image-settings: FORCE
	@mkdir -p $(@D)
	@$(image_settings) | cmp -s - $@ || $(image_settings) > $@

FORCE:

image_options = --kernel $< --out $@ --cmdline "$$CMDLINE" --limine "$$LIMINE" --modules "$$MODULES" \
	--root "$(ROOT)"

iso: $(BUILD)/tessera.iso ## build/tessera.iso: boots BIOS and UEFI, from CD and USB
image: $(BUILD)/tessera.img ## build/tessera.img: a GPT disk image to write to a USB stick

$(BUILD)/tessera.iso: $(BUILD)/tessera.elf $(BUILD)/image-settings $(IMAGE_SOURCES) $(MODULES) $(ROOT) | setup
	$(call say,ISO,$@)
	@$(TSX) scripts/image/iso.ts $(image_options)

$(BUILD)/tessera.img: $(BUILD)/tessera.elf $(BUILD)/image-settings $(IMAGE_SOURCES) $(MODULES) $(ROOT) | setup
	$(call say,IMAGE,$@)
	@$(TSX) scripts/image/disk.ts $(image_options)

limine: | setup-build ## obtain the pinned Limine release for iso and image
	@$(TSX) scripts/image/limine.ts

# ----------------------------------------------------------------------------------------------------------------------
# Running.

run: setup $(BUILD)/tessera.elf $(ROOT) ## boot in QEMU, serial console in this terminal
	@$(TSX) scripts/run-qemu.ts --kernel $(BUILD)/tessera.elf --root "$(ROOT)"

watch: setup $(BUILD)/tessera.elf ## build again whenever a source of the kernel changes, in a compiler that stays
	@$(call compile,$(BUILD)/tessera,kernel/main.ts) --watch \
		--then "env -u MAKEFLAGS -u MAKELEVEL $(MAKE) --no-print-directory SETUP=: $(BUILD)/tessera.elf"

run-window: setup $(BUILD)/tessera.iso ## boot the ISO in QEMU with a window for the framebuffer
	@$(TSX) scripts/run-qemu.ts --iso $(BUILD)/tessera.iso

# gdb has a kernel of its own, with variables and types: not optimised, so that variables keep their values. RELEASE=1:
# the code of the usual one.
RELEASE ?=
ifeq ($(RELEASE),1)
GDB_BUILD := $(BUILD)/release
GDB_LEVEL := -O1
else
GDB_BUILD := $(BUILD)/debug
GDB_LEVEL := -O0
GDB_HOT := HOT_CFLAGS=
endif
GDB_CFLAGS := $(subst -O1 -g1,$(GDB_LEVEL) -g,$(subst =$(BUILD)/=,=$(GDB_BUILD)/=,$(CFLAGS)))

$(BUILD)/tessera.enums.json: $(BUILD)/tessera.c scripts/gdb/enums.ts
	@$(TSX) scripts/gdb/enums.ts --entry kernel/main.ts --out $@

.PHONY: gdb-kernel
gdb-kernel: setup
	@$(MAKE) --no-print-directory BUILD=$(GDB_BUILD) CFLAGS="$(GDB_CFLAGS)" $(GDB_HOT) \
		$(GDB_BUILD)/tessera.elf $(GDB_BUILD)/tessera.enums.json

gdb: gdb-kernel ## boot in QEMU, stopped, with gdb attached
	@BUILD=$(GDB_BUILD) scripts/gdb/attach $(GDB_BUILD)/tessera.elf

# ----------------------------------------------------------------------------------------------------------------------
# Testing.

test: setup kernels iso image ## compiler, unit, boot and tidy tests
	@scripts/test

check: types lint format tidy ## types, lint, formatting and house rules

types: setup-build
	$(call say,TYPES,"kernel and tools")
	@node_modules/.bin/tsc -p tsconfig.json
	@node_modules/.bin/tsc -p tsconfig.node.json
	@node_modules/.bin/tsc -p test/unit/tsconfig.json
	@node_modules/.bin/tsc -p user/tsconfig.json

lint: setup-build
	$(call say,LINT,"all TypeScript")
	@node_modules/.bin/eslint --max-warnings 0 .

format: setup-build
	$(call say,FORMAT,"all TypeScript")
	@node_modules/.bin/prettier --check --log-level warn .

tidy: setup-build
	$(call say,TIDY,"house rules")
	@node_modules/.bin/vitest run --project tidy --reporter=dot --silent

# The same C as the kernel's, once more with what gcc knows about its functions; the code is the same.
$(BUILD)/report/%.ci: $(BUILD)/%.c compiler/lang/runtime.h Makefile
	$(call say,GRAPH,$<)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(OPTIMISATION) -fstack-usage -fcallgraph-info=su -c -o $(@:.ci=.o) $<

.PHONY: report
REPORT_GRAPHS := $(BUILD)/report/tessera.ci $(UNITS:%=$(BUILD)/report/tessera.%.ci)
report: $(REPORT_GRAPHS) $(BUILD)/tessera.elf $(BUILD)/tessera.sym ## stack depths and code size
	@$(TSX) scripts/report.ts --entry kernel/main.ts $(REPORT_GRAPHS:%=--graph %) --elf $(BUILD)/tessera.elf \
		--symbols $(BUILD)/tessera.sym --out $(BUILD)/report.json

coverage: setup-build ## lines of kernel TypeScript that the tests on Node run, by module
	@node_modules/.bin/vitest run --project unit node.test.ts --reporter=dot --silent --coverage \
		--coverage.reporter=text --coverage.reportsDirectory=$(BUILD)/coverage

differential: setup-build ## random programs through gcc and Node: make differential COUNT=10000 SEED=1
	@$(TSX) compiler/test/differential/main.ts --count $(or $(COUNT),10000) --seed $(or $(SEED),1)

fuzz: setup-build ## broken sources through the compiler: make fuzz COUNT=10000 SEED=1
	@$(TSX) compiler/test/fuzz/main.ts --count $(or $(COUNT),10000) --seed $(or $(SEED),1) --keep $(BUILD)/fuzz

mutants: setup ## breaks flushes, permissions and counts one at a time: make mutants ONLY=faults.ts RESUME=1
	@$(TSX) test/mutation/run.ts $(if $(ONLY),--only "$(ONLY)") $(if $(RESUME),--resume)

bench: setup kernels bounds-kernel ## what it costs, in instructions, and beside C
	@status=0; $(TSX) test/bench/run.ts || status=1; $(TSX) test/bench/twins.ts || status=1; exit $$status

bench-accept: setup kernels bounds-kernel ## what it costs now is what it may cost: test/bench/counts.txt
	@$(TSX) test/bench/accept.ts

# For the twins in C, which are compiled like the routines that they are compared with.
hot-cflags:
	@echo $(HOT_CFLAGS)

new: setup-build ## a kernel of your own, from the template: make new DIR=path
	@scripts/new "$(DIR)"

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@printf '\nVariables: CMDLINE="words" MACHINE=q35|pc|microvm MEMORY=256M CPU=max KVM=1\n'
	@printf '           BUILD=dir LIMINE=dir MODULES="files" CHECKS=full|bounds\n'
